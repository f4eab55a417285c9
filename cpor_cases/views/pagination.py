"""Pages of a long list, as the office has them: a page that is not there is no error."""

from django.views.generic import ListView


class ForgivingListView(ListView):
    """The last page for a number that is too high, the first for what is no number. Django's own answers 404."""

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()
