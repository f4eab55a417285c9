from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cpor_cases', '0014_proved_addresses'),
    ]

    # Constant defaults of the database: no row is written anew, and processes of before go on writing rows without them.
    operations = [
        migrations.AddField(
            model_name='announcement',
            name='is_ahead',
            field=models.BooleanField(db_default=False, default=False, help_text='In the email about changed hearings that leaves before a large import has been stored.', verbose_name='ahead of the rest'),
        ),
        migrations.AddField(
            model_name='outgoingmail',
            name='is_ahead',
            field=models.BooleanField(db_default=False, default=False, editable=False, help_text='Tells of changed hearings of a large import, whose other news come in an email of their own.', verbose_name='ahead of the rest'),
        ),
    ]
