import cpor_cases.migrations._addresses
import cpor_cases.migrations._entries_and_courts
import cpor_cases.migrations._groups
import cpor_cases.models.mail_kinds
import cpor_cases.models.outgoing_mails
import cpor_cases.models.refusal_reasons
import cpor_cases.models.reminder_days
import cpor_core.email_addresses
import cpor_core.languages
import cpor_core.search_text
import cpor_core.translated.fields
import django.core.serializers.json
import django.core.validators
import django.db.migrations.operations.special
import django.db.models.deletion
import django.db.models.expressions
import django.db.models.functions.text
import django.utils.timezone
import uuid
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('account', '0009_emailaddress_unique_primary_email'),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('cpor_core', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('wagtailadmin', '0001_create_admin_access_permissions'),
        ('wagtailcore', '0098_apitoken'),
    ]

    operations = [
        migrations.CreateModel(
            name='Litigant',
            fields=[
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, related_name='litigant', serialize=False, to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('language', models.CharField(choices=cpor_core.languages.choices, default=cpor_core.languages.first, help_text="The language of this person's emails.", max_length=10, verbose_name='language')),
                ('mail_preference', models.CharField(choices=[('at_once', 'at once'), ('digest', 'one email a day'), ('important', 'only hearings and decisions'), ('none', 'none')], default='at_once', max_length=10, verbose_name='emails about news')),
                ('digest_hour', models.PositiveSmallIntegerField(default=18, validators=[django.core.validators.MaxValueValidator(23)], verbose_name='hour of the daily email')),
                ('mails_show_entry', models.BooleanField(default=False, verbose_name='emails show the entry')),
                ('mails_without_links', models.BooleanField(default=False, verbose_name='emails without links')),
                ('reminders', models.BooleanField(default=True, verbose_name='reminders')),
                ('reminder_days', models.CharField(choices=cpor_cases.models.reminder_days.choices, default=cpor_cases.models.reminder_days.default, max_length=20, verbose_name='when to be reminded of a hearing')),
                ('switched_off', models.JSONField(blank=True, default=list, help_text='Kinds of email that have a choice of their own.', verbose_name='emails switched off')),
                ('closed_at', models.DateTimeField(blank=True, help_text='When its person closed it; a new approval activates it again.', null=True, verbose_name='closed')),
            ],
            options={
                'verbose_name': 'litigant',
                'verbose_name_plural': 'litigants',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='PasswordResetRequest',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('typed', models.CharField(max_length=254, verbose_name='account name or email address')),
                ('requested_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='requested')),
            ],
            options={
                'verbose_name': 'request for a new password',
                'verbose_name_plural': 'requests for a new password',
            },
        ),
        migrations.CreateModel(
            name='RateSlot',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=255, unique=True, verbose_name='domain')),
                ('free_at', models.DateTimeField(verbose_name='next free')),
            ],
            options={
                'verbose_name': 'rate slot of email',
                'verbose_name_plural': 'rate slots of email',
            },
        ),
        migrations.CreateModel(
            name='UnreadReport',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('came_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='Activation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True)),
                ('round', models.PositiveSmallIntegerField(default=1, verbose_name='round')),
                ('link_expires_at', models.DateTimeField(verbose_name='link expires')),
                ('wrong_names', models.PositiveSmallIntegerField(default=0, verbose_name='wrong names')),
                ('locked_at', models.DateTimeField(blank=True, null=True, verbose_name='locked')),
                ('activated_at', models.DateTimeField(blank=True, null=True, verbose_name='activated')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='activation', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'activation',
                'verbose_name_plural': 'activations',
                'indexes': [models.Index(condition=models.Q(('activated_at', None)), fields=['link_expires_at', 'locked_at'], name='unused_activations')],
            },
        ),
        migrations.CreateModel(
            name='ApiToken',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.CharField(help_text='Which system or machine uses it: Case system, main hall.', max_length=60, verbose_name='label')),
                ('prefix', models.CharField(max_length=20, verbose_name='begins with')),
                ('secret_hash', models.CharField(max_length=64, verbose_name='hash')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('expires_at', models.DateTimeField(verbose_name='expires')),
                ('last_used_at', models.DateTimeField(blank=True, null=True, verbose_name='last used')),
                ('revoked_at', models.DateTimeField(blank=True, null=True, verbose_name='revoked')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='api_tokens', to='cpor_core.court', verbose_name='court')),
                ('created_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='created by')),
                ('revoked_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='revoked by')),
            ],
            options={
                'verbose_name': 'API token',
                'verbose_name_plural': 'API tokens',
                'ordering': ['-created_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='BouncedAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', cpor_core.email_addresses.NormalEmailField(max_length=254, verbose_name='address')),
                ('hardness', models.CharField(choices=[('hard', 'cannot receive email'), ('soft', 'could not receive email for a time')], max_length=4, verbose_name='how it bounces')),
                ('status', models.CharField(blank=True, max_length=11, verbose_name='status code')),
                ('answer', models.CharField(blank=True, max_length=500, verbose_name="server's answer")),
                ('since', models.DateTimeField(default=django.utils.timezone.now, verbose_name='since')),
                ('last_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last time')),
            ],
            options={
                'verbose_name': 'address that bounces',
                'verbose_name_plural': 'addresses that bounce',
                'ordering': ['-since', '-pk'],
                'constraints': [models.UniqueConstraint(fields=('address',), name='one_mark_per_address'), models.CheckConstraint(condition=models.Q(('address', django.db.models.functions.text.Lower('address'))), name='bounced_address_is_folded')],
            },
        ),
        migrations.CreateModel(
            name='CalendarFeed',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key_hash', models.CharField(max_length=64, verbose_name='hash of the key')),
                ('title', models.CharField(choices=[('hearing', '“Hearing” alone'), ('case_number', 'with the case number'), ('own_name', 'with my own short name of the case, or else its number')], default='hearing', max_length=20, verbose_name='title of each hearing')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('last_fetched_at', models.DateTimeField(blank=True, null=True, verbose_name='last fetched')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='calendar_feed', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'calendar address',
                'verbose_name_plural': 'calendar addresses',
            },
        ),
        migrations.CreateModel(
            name='Case',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year of the Republic')),
                ('word', models.CharField(max_length=20, verbose_name='case word')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('division', models.CharField(blank=True, max_length=20, verbose_name='division')),
                ('cause', models.CharField(blank=True, max_length=200, verbose_name='cause')),
                ('closed_on', models.DateField(blank=True, help_text='Date of the earliest entry that ends online access.', null=True, verbose_name='closed on')),
                ('unclear_until', models.DateTimeField(blank=True, editable=False, help_text='The last of the hearings of which an entry moved or called off one without saying which.', null=True, verbose_name='unclear until')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False)),
                ('search_text', cpor_core.search_text.SearchTextField('division', 'cause')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='cases', to='cpor_core.court', verbose_name='court')),
            ],
            options={
                'verbose_name': 'case',
                'verbose_name_plural': 'cases',
            },
        ),
        migrations.CreateModel(
            name='Application',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('applicant_name', models.CharField(help_text='As written on the form; activation asks for it.', max_length=100, verbose_name="applicant's name")),
                ('email', cpor_core.email_addresses.NormalEmailField(blank=True, help_text='Leave empty if the form gives none.', max_length=254, verbose_name='email address')),
                ('language', models.CharField(choices=cpor_core.languages.choices, default=cpor_core.languages.first, max_length=10, verbose_name='language of the emails')),
                ('received_on', models.DateField(verbose_name='received on')),
                ('receipt_number', models.CharField(blank=True, max_length=40, verbose_name='receipt number')),
                ('status', models.CharField(choices=[('pending', 'pending'), ('approved', 'approved'), ('refused', 'refused')], default='pending', max_length=10, verbose_name='state')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('decided_at', models.DateTimeField(blank=True, null=True, verbose_name='decided')),
                ('search_text', cpor_core.search_text.SearchTextField('applicant_name', 'receipt_number')),
                ('earlier', models.OneToOneField(blank=True, help_text='The refused application on whose paper the court decides again.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='later', to='cpor_cases.application', verbose_name='earlier decision')),
                ('account', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('decided_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='decided by')),
                ('recorded_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('role', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.partyrole', verbose_name='role')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='cpor_cases.case', verbose_name='case')),
            ],
            options={
                'verbose_name': 'application',
                'verbose_name_plural': 'applications',
                'ordering': ['-recorded_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='CaseAccess',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('granted_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='granted')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('end_reason', models.CharField(blank=True, choices=[('mandate_ended', 'the mandate or the role in the case ended'), ('wrong_person', 'opened to the wrong person'), ('asked_court', 'the person asked the court to end it'), ('revoked', 'ended by the court for another reason'), ('left', 'given up by the person'), ('account_closed', 'account closed'), ('never_activated', 'account never activated'), ('merged', "joined with the person's other access when cases were merged")], max_length=20, verbose_name='why it ended')),
                ('mail_preference', models.CharField(choices=[('account', 'as for all my cases'), ('at_once', 'at once'), ('digest', 'one email a day'), ('important', 'only hearings and decisions'), ('none', 'none')], default='account', max_length=10, verbose_name='emails about news')),
                ('mails_show_entry', models.BooleanField(blank=True, help_text='Otherwise an email only says which case has news.', null=True, verbose_name='emails show the entry')),
                ('reminders', models.BooleanField(blank=True, help_text='Before a hearing, and before the last day you can view the case.', null=True, verbose_name='reminders')),
                ('reminder_days', models.CharField(blank=True, choices=cpor_cases.models.reminder_days.choices, max_length=20, verbose_name='when to be reminded of a hearing')),
                ('last_seen_at', models.DateTimeField(blank=True, null=True, verbose_name='last seen')),
                ('own_name', models.CharField(blank=True, max_length=40, verbose_name='own short name')),
                ('note', models.TextField(blank=True, max_length=2000, verbose_name='own note')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('application', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='cpor_cases.application', verbose_name='application')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='accesses', to='cpor_cases.case', verbose_name='case')),
                ('ended_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='ended by')),
            ],
            options={
                'verbose_name': 'access',
                'verbose_name_plural': 'accesses',
            },
        ),
        migrations.CreateModel(
            name='CourtLogEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('label', models.TextField()),
                ('action', models.CharField(blank=True, db_index=True, max_length=255)),
                ('data', models.JSONField(blank=True, default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder)),
                ('timestamp', models.DateTimeField(db_index=True, verbose_name='timestamp (UTC)')),
                ('uuid', models.UUIDField(blank=True, editable=False, help_text='Log entries that happened as part of the same user action are assigned the same UUID', null=True)),
                ('content_changed', models.BooleanField(db_index=True, default=False)),
                ('deleted', models.BooleanField(default=False)),
                ('object_id', models.CharField(max_length=255, verbose_name='number')),
                ('actor_username', models.CharField(blank=True, max_length=150, verbose_name='account name at that time')),
                ('actor_name', models.CharField(blank=True, max_length=310, verbose_name='name at that time')),
                ('actor_kind', models.CharField(blank=True, choices=[('anonymous', 'not logged in'), ('litigant', 'litigant'), ('staff', 'staff'), ('system', 'system')], max_length=10, verbose_name='kind of account')),
                ('actor_role', models.CharField(blank=True, max_length=200, verbose_name='role at that time')),
                ('rows', models.TextField(blank=True, help_text='Of a list: the model and key of each row, with a blank before, between and after.', verbose_name='rows shown')),
                ('search_text', cpor_core.search_text.SearchTextField('label', 'actor_username', 'actor_name')),
                ('content_type', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='contenttypes.contenttype', verbose_name='content type')),
                ('court', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('revision', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to='wagtailcore.revision')),
                ('user', models.ForeignKey(blank=True, db_constraint=False, null=True, on_delete=django.db.models.deletion.DO_NOTHING, related_name='+', to=settings.AUTH_USER_MODEL)),
            ],
            options={
                'verbose_name': 'log entry',
                'verbose_name_plural': 'log entries',
                'ordering': ['-timestamp', '-id'],
                'abstract': False,
            },
        ),
        migrations.CreateModel(
            name='EnrolmentLink',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('public_id', models.UUIDField(default=uuid.uuid4, editable=False, unique=True, verbose_name='public id')),
                ('issued_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='issued')),
                ('expires_at', models.DateTimeField(verbose_name='link expires')),
                ('used_at', models.DateTimeField(blank=True, null=True, verbose_name='used')),
                ('account', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='enrolment_link', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('issued_by', models.ForeignKey(blank=True, help_text='Nobody: a command of the operator.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='issued by')),
            ],
            options={
                'verbose_name': 'enrolment link',
                'verbose_name_plural': 'enrolment links',
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='ImportRun',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('source', models.CharField(choices=[('command', 'command'), ('typed', 'typed in the office'), ('upload', 'uploaded'), ('api', 'interface')], max_length=10, verbose_name='source')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('state', models.CharField(choices=[('waiting', 'waiting'), ('running', 'running'), ('done', 'done'), ('aborted', 'aborted'), ('stopped', 'stopped')], default='running', max_length=12, verbose_name='state')),
                ('started_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='started')),
                ('heartbeat_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='last heartbeat')),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('rows_read', models.PositiveIntegerField(default=0, verbose_name='read')),
                ('rows_created', models.PositiveIntegerField(default=0, verbose_name='created')),
                ('rows_changed', models.PositiveIntegerField(default=0, verbose_name='changed')),
                ('rows_unchanged', models.PositiveIntegerField(default=0, verbose_name='unchanged')),
                ('rows_withdrawn', models.PositiveIntegerField(default=0, verbose_name='withdrawn')),
                ('rows_rejected', models.PositiveIntegerField(default=0, verbose_name='rejected')),
                ('tries', models.PositiveSmallIntegerField(default=1, editable=False, help_text='How many workers began with it.', verbose_name='tries')),
                ('repaired_at', models.DateTimeField(blank=True, editable=False, help_text='When a later import had taken all that this one rejected or left out.', null=True, verbose_name='repaired')),
                ('failure', models.CharField(blank=True, max_length=300, verbose_name='why it was aborted')),
                ('digest', models.CharField(blank=True, editable=False, help_text='Of the file and of all that decides what becomes of its rows.', max_length=64, verbose_name='digest')),
                ('court', models.ForeignKey(blank=True, help_text='The court whose rows alone were imported; empty for a file of several courts.', null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to='cpor_core.court', verbose_name='court')),
                ('repeats', models.ForeignKey(blank=True, editable=False, help_text='The import that had taken the same file: nothing has changed since.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='cpor_cases.importrun', verbose_name='repeats')),
                ('started_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='started by')),
                ('token', models.ForeignKey(blank=True, help_text="Which token of the court's system sent it.", null=True, on_delete=django.db.models.deletion.PROTECT, related_name='import_runs', to='cpor_cases.apitoken', verbose_name='API token')),
            ],
            options={
                'verbose_name': 'import',
                'verbose_name_plural': 'imports',
                'ordering': ['-started_at', '-pk'],
            },
        ),
        migrations.CreateModel(
            name='IncomingFile',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('idempotency_key', models.CharField(blank=True, max_length=128, verbose_name='idempotency key')),
                ('digest', models.CharField(blank=True, max_length=64, verbose_name='digest')),
                ('language', models.CharField(default=cpor_core.languages.first, max_length=10, verbose_name='language')),
                ('file_name', models.CharField(blank=True, max_length=200, verbose_name='file')),
                ('received_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received')),
                ('state', models.CharField(choices=[('receiving', 'being received'), ('dry_run', 'dry run under way'), ('ready', 'waits for your decision'), ('unreadable', 'cannot be read'), ('importing', 'being imported'), ('imported', 'imported'), ('stopped', 'stopped')], default='receiving', max_length=12, verbose_name='state')),
                ('claimed_at', models.DateTimeField(null=True, verbose_name='last taken up by a worker')),
                ('tries', models.PositiveSmallIntegerField(default=0, help_text='How many workers have begun the dry run.', verbose_name='tries')),
                ('rows_read', models.PositiveIntegerField(default=0, verbose_name='read')),
                ('dry_run_result', models.JSONField(default=dict, encoder=django.core.serializers.json.DjangoJSONEncoder, verbose_name='result of the dry run')),
                ('failure', models.CharField(blank=True, max_length=500, verbose_name='why it cannot be read')),
                ('clerk', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='clerk')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('run', models.OneToOneField(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='incoming_file', to='cpor_cases.importrun', verbose_name='import')),
                ('token', models.ForeignKey(null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_cases.apitoken', verbose_name='API token')),
            ],
            options={
                'verbose_name': 'incoming file',
                'verbose_name_plural': 'incoming files',
            },
        ),
        migrations.CreateModel(
            name='IncomingFilePart',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('number', models.PositiveIntegerField()),
                ('content', models.BinaryField()),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='parts', to='cpor_cases.incomingfile')),
            ],
            options={
                'ordering': ['number'],
            },
        ),
        migrations.CreateModel(
            name='SavedSearch',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('key', models.CharField(max_length=30, verbose_name='key')),
                ('view', models.CharField(max_length=80, verbose_name='page')),
                ('text', models.CharField(max_length=200, verbose_name='text')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='made')),
                ('expires_at', models.DateTimeField(db_index=True, verbose_name='kept until')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'search',
                'verbose_name_plural': 'searches',
            },
        ),
        migrations.CreateModel(
            name='MergedCase',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('year', models.PositiveSmallIntegerField(verbose_name='year of the Republic')),
                ('word', models.CharField(max_length=20, verbose_name='case word')),
                ('number', models.PositiveIntegerField(verbose_name='number')),
                ('public_id', models.UUIDField(editable=False)),
                ('former_key', models.BigIntegerField(editable=False, help_text='By which old addresses of the office name it; empty where it was not kept.', null=True, verbose_name='former key')),
                ('merged_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='merged')),
                ('case', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='merged_cases', to='cpor_cases.case', verbose_name='merged into')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('merged_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='merged by')),
            ],
            options={
                'verbose_name': 'merged case',
                'verbose_name_plural': 'merged cases',
            },
        ),
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=cpor_cases.models.mail_kinds.mail_kinds, max_length=20, verbose_name='kind')),
                ('address', cpor_core.email_addresses.NormalEmailField(blank=True, max_length=254, verbose_name='address')),
                ('about', models.JSONField(blank=True, default=dict, help_text='Keys and plain facts, never a secret.', verbose_name='about')),
                ('priority', models.PositiveSmallIntegerField(default=9, verbose_name='priority')),
                ('state', models.CharField(choices=[('held', 'held until its import is complete'), ('waiting', 'waiting to be sent'), ('stopped', 'held back: the address bounces'), ('sent', 'sent'), ('failed', 'could not be delivered'), ('dropped', 'no longer needed')], default='waiting', max_length=10, verbose_name='state')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('not_before', models.DateTimeField(default=django.utils.timezone.now, verbose_name='not before')),
                ('next_attempt_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='next attempt')),
                ('slot_at', models.DateTimeField(blank=True, editable=False, null=True, verbose_name='rate slot')),
                ('leased_until', models.DateTimeField(blank=True, null=True, verbose_name='held by a worker until')),
                ('lease', models.UUIDField(blank=True, null=True, verbose_name="worker's lease")),
                ('attempts', models.PositiveSmallIntegerField(default=0, verbose_name='attempts')),
                ('last_answer', models.CharField(blank=True, max_length=500, verbose_name="server's last answer")),
                ('ended_at', models.DateTimeField(blank=True, null=True, verbose_name='ended')),
                ('message_id', models.CharField(default=cpor_cases.models.outgoing_mails.make_message_id, editable=False, max_length=150, verbose_name='Message-ID')),
                ('access', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='cpor_cases.caseaccess', verbose_name='access')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='mails', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('court', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('run', models.ForeignKey(blank=True, db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='mails', to='cpor_cases.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'email',
                'verbose_name_plural': 'emails',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='Announcement',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('in_digest', models.BooleanField(default=False, verbose_name='in the daily email')),
                ('announced_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='announced')),
                ('access', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='cpor_cases.caseaccess', verbose_name='access')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='announcements', to='cpor_cases.importrun', verbose_name='import')),
                ('digest', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='announcements', to='cpor_cases.outgoingmail', verbose_name='daily email')),
            ],
            options={
                'verbose_name': 'announcement',
                'verbose_name_plural': 'announcements',
            },
        ),
        migrations.CreateModel(
            name='Occasion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=cpor_cases.models.mail_kinds.mail_kinds, max_length=20, verbose_name='kind')),
                ('day', models.DateField(verbose_name='day')),
                ('days_before', models.PositiveSmallIntegerField(default=0, verbose_name='days before')),
                ('access', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='occasions', to='cpor_cases.caseaccess', verbose_name='access')),
                ('mail', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='occasions', to='cpor_cases.outgoingmail', verbose_name='email')),
            ],
            options={
                'verbose_name': 'occasion of an email',
                'verbose_name_plural': 'occasions of emails',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('kind', 'case_added'), _negated=True), fields=('access', 'kind', 'day', 'days_before'), name='each_occasion_is_told_once')],
            },
        ),
        migrations.CreateModel(
            name='PastPassword',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hash', models.CharField(max_length=128, verbose_name='hash')),
                ('set_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='set at')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_passwords', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'earlier password',
                'verbose_name_plural': 'earlier passwords',
                'ordering': ['-pk'],
            },
        ),
        migrations.CreateModel(
            name='ProgressEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('entry_id', models.CharField(max_length=60, verbose_name='entry number')),
                ('recorded_at', models.DateTimeField(help_text='Midnight stands for a day without a time.', verbose_name='recorded')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='detail')),
                ('hearing_at', models.DateTimeField(blank=True, null=True, verbose_name='hearing')),
                ('courtroom', models.CharField(blank=True, max_length=60, verbose_name='courtroom')),
                ('first_seen_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='received')),
                ('held_until', models.DateTimeField(blank=True, help_text='Until then people neither see the entry nor are told of it.', null=True, verbose_name='on hold until')),
                ('corrected_at', models.DateTimeField(blank=True, null=True, verbose_name='corrected')),
                ('withdrawn_at', models.DateTimeField(blank=True, null=True, verbose_name='withdrawn')),
                ('case', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='cpor_cases.case', verbose_name='case')),
                ('changed_in', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='entries', to='cpor_cases.importrun', verbose_name='last changed by import')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.progresskind', verbose_name='progress entry')),
            ],
            options={
                'verbose_name': 'progress entry',
                'verbose_name_plural': 'progress entries',
            },
        ),
        migrations.CreateModel(
            name='RefusalReason',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(default=cpor_cases.models.refusal_reasons.make_reason_code, editable=False, max_length=40, verbose_name='code')),
                ('name', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='reason')),
                ('is_retired', models.BooleanField(default=False, help_text='It can no longer be given; where it was given, it stays.', verbose_name='retired')),
            ],
            options={
                'verbose_name': 'reason for refusal',
                'verbose_name_plural': 'reasons for refusal',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('code',), name='unique_refusal_reason')],
            },
        ),
        migrations.AddField(
            model_name='application',
            name='refusal_reason',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='applications', to='cpor_cases.refusalreason', verbose_name='reason for refusal'),
        ),
        migrations.CreateModel(
            name='RejectedRow',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='line')),
                ('code', models.CharField(blank=True, max_length=40, verbose_name='code of the reason')),
                ('column_key', models.CharField(blank=True, help_text='Empty if it is the row as a whole.', max_length=20, verbose_name='key of the column')),
                ('parameters', models.JSONField(blank=True, default=dict, verbose_name='what the reason says besides')),
                ('reason', models.CharField(help_text='As it was said when the row was rejected.', max_length=500, verbose_name='reason')),
                ('row', models.JSONField(verbose_name='row as sent')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='rejected_rows', to='cpor_cases.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'rejected row',
                'verbose_name_plural': 'rejected rows',
                'ordering': ['run', 'line'],
            },
        ),
        migrations.CreateModel(
            name='AccountAddress',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('address', cpor_core.email_addresses.NormalEmailField(max_length=254, verbose_name='address')),
                ('account', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='own_addresses', to=settings.AUTH_USER_MODEL, verbose_name='account')),
            ],
            options={
                'verbose_name': 'address of an account',
                'verbose_name_plural': 'addresses of accounts',
                'constraints': [models.UniqueConstraint(fields=('address',), name='one_account_for_each_address')],
            },
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.UniqueConstraint(fields=('secret_hash',), name='unique_token_secret'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.UniqueConstraint(condition=models.Q(('revoked_at', None)), fields=('court', 'label'), name='unique_label_of_standing_token'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('revoked_at', None), ('revoked_by', None)), models.Q(('revoked_at__isnull', False), ('revoked_by__isnull', False)), _connector='OR'), name='token_revoked_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='apitoken',
            constraint=models.CheckConstraint(condition=models.Q(('expires_at__gt', models.F('created_at'))), name='token_expires_after_it_was_created'),
        ),
        migrations.AddConstraint(
            model_name='calendarfeed',
            constraint=models.UniqueConstraint(fields=('key_hash',), name='unique_calendar_key'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('court', 'category', 'year', 'word', 'number'), name='unique_case'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('public_id',), name='unique_case_public_id'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.UniqueConstraint(fields=('court', 'id'), name='case_of_one_court'),
        ),
        migrations.AddConstraint(
            model_name='case',
            constraint=models.CheckConstraint(condition=models.Q(('number__gte', 1), ('year__gte', 1), ('year__lte', 999)), name='case_number_in_range'),
        ),
        migrations.AddIndex(
            model_name='caseaccess',
            index=models.Index(condition=models.Q(('ended_at', None)), fields=['case', 'account'], name='live_accesses_of_case'),
        ),
        migrations.AddConstraint(
            model_name='caseaccess',
            constraint=models.UniqueConstraint(condition=models.Q(('ended_at', None)), fields=('account', 'case'), name='one_live_access_per_account_and_case'),
        ),
        migrations.AddConstraint(
            model_name='caseaccess',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('end_reason', ''), ('ended_at', None), ('ended_by', None)), models.Q(('ended_at__isnull', False), models.Q(('end_reason', ''), _negated=True)), _connector='OR'), name='access_ended_at_and_why'),
        ),
        migrations.AddIndex(
            model_name='courtlogentry',
            index=models.Index(fields=['content_type', 'object_id'], name='log_of_object'),
        ),
        migrations.AddIndex(
            model_name='courtlogentry',
            index=models.Index(fields=['court', '-timestamp'], name='log_of_court'),
        ),
        migrations.AddIndex(
            model_name='courtlogentry',
            index=models.Index(fields=['user', '-timestamp'], name='log_of_user'),
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(condition=models.Q(('digest', ''), _negated=True), fields=['digest'], name='imports_by_digest'),
        ),
        migrations.AddIndex(
            model_name='importrun',
            index=models.Index(condition=models.Q(models.Q(('rows_rejected__gt', 0), ('state', 'aborted'), _connector='OR'), ('repaired_at', None)), fields=['court', 'started_at'], name='imports_to_repair'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['waiting', 'running'])), models.Q(models.Q(('state__in', ['waiting', 'running']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='import_ended_when_not_running'),
        ),
        migrations.AddConstraint(
            model_name='importrun',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state', 'done'), _negated=True), ('rows_read', django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(django.db.models.expressions.CombinedExpression(models.F('rows_created'), '+', models.F('rows_changed')), '+', models.F('rows_unchanged')), '+', models.F('rows_withdrawn')), '+', models.F('rows_rejected'))), _connector='OR'), name='import_accounts_for_every_row'),
        ),
        migrations.AddConstraint(
            model_name='incomingfile',
            constraint=models.UniqueConstraint(condition=models.Q(('idempotency_key', ''), _negated=True), fields=('token', 'idempotency_key'), name='unique_idempotency_key_of_token'),
        ),
        migrations.AddConstraint(
            model_name='incomingfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('clerk__isnull', False), ('token', None)), models.Q(('clerk', None), ('token__isnull', False)), _connector='OR'), name='incoming_file_by_token_or_clerk'),
        ),
        migrations.AddConstraint(
            model_name='incomingfile',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('state__in', ['importing', 'imported', 'stopped']), _negated=True), ('run__isnull', False), _connector='OR'), name='incoming_file_imported_by_run'),
        ),
        migrations.AddConstraint(
            model_name='incomingfilepart',
            constraint=models.UniqueConstraint(fields=('file', 'number'), name='unique_part_of_incoming_file'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(fields=('key',), name='one_search_per_key'),
        ),
        migrations.AddConstraint(
            model_name='savedsearch',
            constraint=models.UniqueConstraint(fields=('account', 'view', 'text'), name='each_search_saved_once'),
        ),
        migrations.AddIndex(
            model_name='mergedcase',
            index=models.Index(fields=['court', 'year', 'number'], name='merged_cases_of_number'),
        ),
        migrations.AddConstraint(
            model_name='mergedcase',
            constraint=models.UniqueConstraint(fields=('public_id',), name='unique_merged_public_id'),
        ),
        migrations.AddConstraint(
            model_name='mergedcase',
            constraint=models.UniqueConstraint(fields=('former_key',), name='unique_merged_former_key'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state', 'waiting')), fields=['priority', 'next_attempt_at', 'id'], name='mails_to_send'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(condition=models.Q(('state', 'stopped')), fields=['address'], name='mails_kept_back'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['court', '-created_at'], name='mails_of_court'),
        ),
        migrations.AddIndex(
            model_name='outgoingmail',
            index=models.Index(fields=['court', 'state', 'ended_at'], name='ended_mails_of_court'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.UniqueConstraint(fields=('message_id',), name='unique_message_id'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.UniqueConstraint(condition=models.Q(('kind', 'progress')), fields=('run', 'account'), name='one_progress_mail_per_person_and_import'),
        ),
        migrations.AddConstraint(
            model_name='outgoingmail',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('ended_at', None), ('state__in', ['held', 'waiting', 'stopped'])), models.Q(models.Q(('state__in', ['held', 'waiting', 'stopped']), _negated=True), ('ended_at__isnull', False)), _connector='OR'), name='mail_ended_when_not_waiting'),
        ),
        migrations.AddIndex(
            model_name='announcement',
            index=models.Index(condition=models.Q(('digest', None), ('in_digest', True)), fields=['access'], name='announcements_awaiting_digest'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.UniqueConstraint(fields=('run', 'access'), name='one_announcement_per_access_and_import'),
        ),
        migrations.AddConstraint(
            model_name='announcement',
            constraint=models.CheckConstraint(condition=models.Q(('digest', None), ('in_digest', True), _connector='OR'), name='digest_holds_its_own_announcements'),
        ),
        migrations.AddIndex(
            model_name='progressentry',
            index=models.Index(fields=['case', '-recorded_at', '-id'], name='latest_entries_of_case'),
        ),
        migrations.AddIndex(
            model_name='progressentry',
            index=models.Index(fields=['changed_in', 'court'], name='entries_of_import'),
        ),
        migrations.AddIndex(
            model_name='progressentry',
            index=models.Index(condition=models.Q(('withdrawn_at__isnull', False)), fields=['case', 'withdrawn_at'], name='withdrawn_entries_of_case'),
        ),
        migrations.AddIndex(
            model_name='progressentry',
            index=models.Index(condition=models.Q(('hearing_at__isnull', False), ('withdrawn_at', None)), fields=['court', 'hearing_at'], name='hearings_of_court'),
        ),
        migrations.AddIndex(
            model_name='progressentry',
            index=models.Index(condition=models.Q(('held_until__isnull', False)), fields=['held_until'], name='entries_on_hold'),
        ),
        migrations.AddConstraint(
            model_name='progressentry',
            constraint=models.UniqueConstraint(fields=('court', 'entry_id'), name='unique_entry'),
        ),
        migrations.AddIndex(
            model_name='case',
            index=models.Index(condition=models.Q(('unclear_until__isnull', False)), fields=['court', 'unclear_until'], name='unclear_cases_of_court'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(condition=models.Q(('status', 'pending')), fields=['court', 'received_on', 'id'], name='pending_applications'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['court', 'received_on'], name='applications_received'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['court', 'decided_at'], name='applications_decided'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['court', '-recorded_at'], name='newest_applications'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['court', 'recorded_by'], name='applications_recorded_by'),
        ),
        migrations.AddIndex(
            model_name='application',
            index=models.Index(fields=['court', 'decided_by'], name='applications_decided_by'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('decided_at', None), ('decided_by', None), ('status', 'pending')), models.Q(models.Q(('status', 'pending'), _negated=True), ('decided_at__isnull', False), ('decided_by__isnull', False)), _connector='OR'), name='application_decided_at_and_by'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('refusal_reason__isnull', False), ('status', 'refused')), models.Q(models.Q(('status', 'refused'), _negated=True), ('refusal_reason', None)), _connector='OR'), name='application_refused_for_a_reason'),
        ),
        migrations.AddConstraint(
            model_name='application',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('account__isnull', False), ('status', 'approved')), models.Q(models.Q(('status', 'approved'), _negated=True), ('account', None)), _connector='OR'), name='application_approved_for_an_account'),
        ),
        migrations.AddField(
            model_name='progressentry',
            name='chosen_hearing_at',
            field=models.DateTimeField(blank=True, help_text='Which hearing was moved or called off, where the entry itself does not say.', null=True, verbose_name='hearing chosen at the court'),
        ),
        migrations.AddField(
            model_name='progressentry',
            name='moved_from',
            field=models.DateTimeField(blank=True, help_text='Of a move: when the hearing was before, as the court says.', null=True, verbose_name='original hearing'),
        ),
        migrations.CreateModel(
            name='PastEntry',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('replaced_at', models.DateTimeField(verbose_name='replaced')),
                ('recorded_at', models.DateTimeField(verbose_name='recorded')),
                ('detail', models.CharField(blank=True, max_length=500, verbose_name='detail')),
                ('hearing_at', models.DateTimeField(blank=True, null=True, verbose_name='hearing')),
                ('courtroom', models.CharField(blank=True, max_length=60, verbose_name='courtroom')),
                ('moved_from', models.DateTimeField(blank=True, null=True, verbose_name='original hearing')),
                ('entry', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='past_entries', to='cpor_cases.progressentry', verbose_name='progress entry')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_core.progresskind', verbose_name='kind of progress entry')),
            ],
            options={
                'verbose_name': 'earlier wording',
                'verbose_name_plural': 'earlier wordings',
                'ordering': ['pk'],
                'default_permissions': (),
            },
        ),
        migrations.CreateModel(
            name='RunWarning',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('line', models.PositiveIntegerField(verbose_name='line')),
                ('entry_id', models.CharField(max_length=60, verbose_name='entry number')),
                ('code', models.CharField(max_length=40, verbose_name='code of the reason')),
                ('parameters', models.JSONField(blank=True, default=dict, verbose_name='what the reason says besides')),
                ('run', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='warnings', to='cpor_cases.importrun', verbose_name='import')),
            ],
            options={
                'verbose_name': 'warning',
                'verbose_name_plural': 'warnings',
                'ordering': ['run', 'line'],
                'default_permissions': (),
            },
        ),
        migrations.AddField(
            model_name='application',
            name='phone',
            field=models.CharField(blank=True, help_text='As on the form, if it gives one: for a hearing that changes within days.', max_length=30, verbose_name='telephone'),
        ),
        migrations.CreateModel(
            name='HearingNotice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('hearing_at', models.DateTimeField(help_text='The first of the dates concerned: the old one or the new one.', verbose_name='hearing')),
                ('made_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='created')),
                ('seen_at', models.DateTimeField(blank=True, null=True, verbose_name='said to know')),
                ('told_at', models.DateTimeField(blank=True, null=True, verbose_name='told by telephone')),
                ('access', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='hearing_notices', to='cpor_cases.caseaccess', verbose_name='access')),
                ('run', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='cpor_cases.importrun', verbose_name='import')),
                ('told_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='told by')),
            ],
            options={
                'verbose_name': 'notice of a changed hearing',
                'verbose_name_plural': 'notices of changed hearings',
                'ordering': ['hearing_at', 'pk'],
                'default_permissions': ('view', 'change'),
                'indexes': [models.Index(condition=models.Q(('seen_at', None), ('told_at', None)), fields=['hearing_at'], name='open_hearing_notices')],
                'constraints': [models.UniqueConstraint(fields=('run', 'access'), name='one_hearing_notice_per_access_and_import'), models.CheckConstraint(condition=models.Q(models.Q(('told_at', None), ('told_by', None)), models.Q(('told_at__isnull', False), ('told_by__isnull', False)), _connector='OR'), name='hearing_notice_told_at_and_by')],
            },
        ),
        migrations.CreateModel(
            name='WaitingTime',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('cases', models.PositiveIntegerField(verbose_name='cases')),
                ('median_days', models.PositiveIntegerField(verbose_name='days within which half had their next entry')),
                ('p80_days', models.PositiveIntegerField(help_text='Empty where fewer have had it so far.', null=True, verbose_name='days within which 8 of 10 had it')),
                ('court', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('kind', models.ForeignKey(db_index=False, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.progresskind', verbose_name='kind of progress entry')),
            ],
            options={
                'verbose_name': 'waiting time',
                'verbose_name_plural': 'waiting times',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('court', 'category', 'kind'), name='unique_waiting_time'), models.CheckConstraint(condition=models.Q(('p80_days', None), ('p80_days__gte', models.F('median_days')), _connector='OR'), name='median_is_not_after_p80')],
            },
        ),
        migrations.CreateModel(
            name='ClarityCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('quarter', models.DateField(help_text='Its first day.', verbose_name='quarter')),
                ('language', models.CharField(choices=cpor_core.languages.choices, max_length=10, verbose_name='language')),
                ('place', models.CharField(choices=[('mail', 'email'), ('page', 'page of the case')], max_length=4, verbose_name='where it was read')),
                ('question', models.CharField(choices=[('happened', 'I understand what happened'), ('to_do', 'I know what to do')], max_length=10, verbose_name='what was asked')),
                ('yes', models.PositiveIntegerField(default=0, verbose_name='yes')),
                ('partly', models.PositiveIntegerField(default=0, verbose_name='partly')),
                ('no', models.PositiveIntegerField(default=0, verbose_name='no')),
                ('kind', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.progresskind', verbose_name='kind of progress entry')),
            ],
            options={
                'verbose_name': 'votes on what was understood',
                'verbose_name_plural': 'votes on what was understood',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(fields=('quarter', 'kind', 'language', 'place', 'question'), name='unique_clarity_counter')],
            },
        ),
        migrations.CreateModel(
            name='ClarityVote',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('question', models.CharField(choices=[('happened', 'I understand what happened'), ('to_do', 'I know what to do')], max_length=10, verbose_name='what was asked')),
                ('account', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='account')),
                ('entry', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_cases.progressentry', verbose_name='progress entry')),
                ('mail', models.ForeignKey(db_index=False, null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_cases.outgoingmail', verbose_name='email')),
            ],
            options={
                'verbose_name': 'mark that somebody voted',
                'verbose_name_plural': 'marks that somebody voted',
                'default_permissions': (),
                'constraints': [models.UniqueConstraint(condition=models.Q(('mail__isnull', False)), fields=('mail', 'question'), name='one_vote_for_each_mail'), models.UniqueConstraint(condition=models.Q(('entry__isnull', False)), fields=('account', 'entry', 'question'), name='one_vote_for_each_entry_and_person'), models.CheckConstraint(condition=models.Q(models.Q(('account', None), ('entry', None), ('mail__isnull', False)), models.Q(('account__isnull', False), ('entry__isnull', False), ('mail', None)), _connector='OR'), name='vote_on_a_mail_or_an_entry')],
            },
        ),
        migrations.RunPython(
            code=cpor_cases.migrations._entries_and_courts.bind_court_and_case_together,
            reverse_code=cpor_cases.migrations._entries_and_courts.unbind_court_and_case,
        ),
        migrations.RunPython(
            code=cpor_cases.migrations._addresses.register_addresses,
            reverse_code=django.db.migrations.operations.special.RunPython.noop,
        ),
        migrations.RunPython(
            code=cpor_cases.migrations._groups.make_groups,
            reverse_code=django.db.migrations.operations.special.RunPython.noop,
        ),
    ]
