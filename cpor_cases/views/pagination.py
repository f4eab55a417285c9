"""Pages of a long list, as in the office: a page number out of range is no error."""

from django.views.generic import ListView


class ForgivingListView(ListView):
    """Shows the last page for a number that is too high, and the first for anything else. Django's own answers 404."""

    def paginate_queryset(self, queryset, page_size):
        paginator = self.get_paginator(queryset, page_size)
        page = paginator.get_page(self.request.GET.get(self.page_kwarg))
        return paginator, page, page.object_list, page.has_other_pages()
