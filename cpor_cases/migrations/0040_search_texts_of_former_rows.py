"""Rows on record are given what is searched of them: some minutes for ten million rows.

In spans of keys, each a transaction of its own, so that no import or form waits for longer than one of them. May be
repeated: what is there already is written once more.
"""

from django.db import migrations
from django.db.models import Max

from cpor_cases.search_text import SearchText

SPAN = 50_000  # keys, about a second


def fold_what_is_searched(apps, schema_editor):
    for name in ("Application", "Case", "CourtLogEntry"):
        model = apps.get_model("cpor_cases", name)
        sources = model._meta.get_field("search_text").sources
        rows = model._base_manager.using(schema_editor.connection.alias)
        last = rows.aggregate(last=Max("pk"))["last"] or 0
        for start in range(0, last + 1, SPAN):
            rows.filter(pk__gte=start, pk__lt=start + SPAN).update(search_text=SearchText(*sources))


class Migration(migrations.Migration):
    atomic = False

    dependencies = [("cpor_cases", "0039_search_texts")]

    operations = [migrations.RunPython(fold_what_is_searched, migrations.RunPython.noop)]
