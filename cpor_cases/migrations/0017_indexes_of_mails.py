from django.db import migrations, models

from cpor_cases.migrations._concurrently import AddIndexConcurrently, AddUniqueConstraintConcurrently


class Migration(migrations.Migration):

    atomic = False  # as _concurrently.py says

    dependencies = [
        ('cpor_cases', '0015_mails_ahead_of_the_rest'),
    ]

    operations = [
        AddIndexConcurrently(
            model_name='outgoingmail',
            index=models.Index(fields=['accepted_at'], name='mails_by_acceptance'),
        ),
        AddUniqueConstraintConcurrently(
            model_name='outgoingmail',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'progress')), fields=('run', 'account', 'is_ahead'), name='one_mail_per_person_and_part_of_import'),
        ),
        migrations.RemoveConstraint(
            model_name='outgoingmail',
            name='one_progress_mail_per_person_and_import',
        ),
    ]
