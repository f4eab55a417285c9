"""Rows on record are given what is searched of them: one statement for each model, some minutes for ten million rows."""

from django.db import migrations

from cpor_cases.search_text import SearchText


def fold_what_is_searched(apps, schema_editor):
    for name in ("Application", "Case", "CourtLogEntry"):
        model = apps.get_model("cpor_cases", name)
        sources = model._meta.get_field("search_text").sources
        model._base_manager.using(schema_editor.connection.alias).update(search_text=SearchText(*sources))


class Migration(migrations.Migration):
    dependencies = [("cpor_cases", "0039_search_texts")]

    operations = [migrations.RunPython(fold_what_is_searched, migrations.RunPython.noop)]
