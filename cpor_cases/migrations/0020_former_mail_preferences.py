from django.db import migrations
from django.db.models import F

BATCH = 2000


def let_defaults_follow_the_account(apps, schema_editor):
    """What was never chosen is as for the account from now on; what differs from it stays the case's own."""
    accesses = apps.get_model("cpor_cases", "CaseAccess").objects
    accesses.filter(mail_preference="at_once").update(mail_preference="account")
    accesses.filter(mails_show_entry=False).update(mails_show_entry=None)
    accesses.filter(reminders=True).update(reminders=None)


def put_down_what_mails_told(apps, schema_editor):
    """Announce anew what each mail on record told of, above all those that have not left yet."""
    Announcement = apps.get_model("cpor_cases", "Announcement")
    CaseAccess = apps.get_model("cpor_cases", "CaseAccess")
    told = (
        CaseAccess.objects.filter(
            case__entries__changed_in__mails__account=F("account"),
            case__entries__changed_in__mails__kind="progress",
        )
        .values_list("pk", "case__entries__changed_in")
        .distinct()
    )
    batch = []
    for access, run in told.iterator():
        batch.append(Announcement(access_id=access, run_id=run))
        if len(batch) == BATCH:
            Announcement.objects.bulk_create(batch, ignore_conflicts=True)
            batch = []
    Announcement.objects.bulk_create(batch, ignore_conflicts=True)


class Migration(migrations.Migration):

    dependencies = [
        ("cpor_cases", "0019_mail_preferences"),
        ("cpor_site", "0003_mail_preferences"),
    ]

    operations = [
        migrations.RunPython(let_defaults_follow_the_account, migrations.RunPython.noop),
        migrations.RunPython(put_down_what_mails_told, migrations.RunPython.noop),
    ]
