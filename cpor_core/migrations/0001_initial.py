import cpor_core.translated.fields
import cpor_core.translated.lookups
import django.core.validators
import django.db.models.functions.comparison
import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='SentForm',
            fields=[
                ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                ('led_to', models.TextField(blank=True)),
                ('sent_at', models.DateTimeField(default=django.utils.timezone.now)),
            ],
        ),
        migrations.CreateModel(
            name='CaseWord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('court_tier', models.CharField(choices=[('summary_division', 'Summary division of a district court'), ('district', 'District court'), ('district_second_instance', 'District court, second instance'), ('high', 'High court and branches'), ('ip_commercial', 'Intellectual property and commercial court'), ('high_administrative_district_division', 'High administrative court, district division'), ('high_administrative', 'High administrative court, high division'), ('supreme', 'Supreme Court'), ('supreme_administrative', 'Supreme Administrative Court')], max_length=40, verbose_name='bench')),
                ('word', models.CharField(max_length=20, verbose_name='case word')),
                ('procedure', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='procedure')),
                ('meaning', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='meaning')),
                ('openness', models.CharField(choices=[('yes', 'open'), ('no', 'not open'), ('unclear', 'not settled')], default='unclear', help_text='A word that is not settled counts as not open.', max_length=10, verbose_name='open to queries')),
                ('open_from', models.DateField(blank=True, null=True, verbose_name='open from')),
                ('open_until', models.DateField(blank=True, help_text='The last day it is open.', null=True, verbose_name='open until')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'case word',
                'verbose_name_plural': 'case words',
                'ordering': ['category', 'court_tier', 'pk'],
                'constraints': [models.UniqueConstraint(fields=('category', 'court_tier', 'word'), name='unique_case_word', violation_error_message='This word is already listed in this category at this bench.'), models.CheckConstraint(condition=models.Q(('open_from', None), ('open_until', None), ('open_until__gte', models.F('open_from')), _connector='OR'), name='case_word_opens_before_it_closes', violation_error_message='The last open day must not be before the first.')],
            },
        ),
        migrations.CreateModel(
            name='Court',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(help_text='Three letters, as in the numbers of judgments: TPD.', max_length=5, verbose_name='code')),
                ('name', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='name')),
                ('tier', models.CharField(choices=[('supreme', 'Supreme Court'), ('supreme_administrative', 'Supreme Administrative Court'), ('high', 'High court'), ('high_branch', 'Branch of a high court'), ('high_administrative', 'High administrative court, high division'), ('high_administrative_district_division', 'High administrative court, district division'), ('ip_commercial', 'Intellectual property and commercial court'), ('district', 'District court'), ('juvenile_family', 'Juvenile and family court')], max_length=40, verbose_name='kind of court')),
                ('city', models.CharField(blank=True, max_length=20, verbose_name='city or county')),
                ('address', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='address of the court')),
                ('map_url', models.URLField(blank=True, verbose_name='page or map that shows the way')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('hours', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='opening hours')),
                ('website', models.URLField(blank=True, verbose_name='website')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source of code and name')),
                ('tells_waiting_times', models.BooleanField(default=True, help_text='On the page of a case, where enough like it are on record: for half of them, and for 8 of 10.', verbose_name='says how long the next entry takes')),
                ('tells_when_quiet', models.BooleanField(default=False, help_text='That this is usual at this stage, once for each quiet period.', verbose_name='emails when nothing has been recorded for long')),
            ],
            options={
                'verbose_name': 'court',
                'verbose_name_plural': 'courts',
                'ordering': ['pk'],
                'permissions': [('manage_court', 'Can change the settings of a court'), ('report_court', 'Can read the reports of a court')],
                'constraints': [models.UniqueConstraint(fields=('code',), name='unique_court_code'), models.UniqueConstraint(cpor_core.translated.lookups.FirstLanguage('name'), name='unique_court_name', violation_error_message='There is already a court with this name.')],
            },
        ),
        migrations.CreateModel(
            name='PartyRole',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('name', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='name')),
                ('is_entitled', models.BooleanField(default=False, verbose_name='may apply')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source')),
            ],
            options={
                'verbose_name': 'role',
                'verbose_name_plural': 'roles',
                'ordering': ['category', 'pk'],
                'constraints': [models.UniqueConstraint(models.F('category'), cpor_core.translated.lookups.FirstLanguage('name'), name='unique_role', violation_error_message='There is already a role with this name in this category.')],
            },
        ),
        migrations.CreateModel(
            name='Tick',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=100, verbose_name='periodic task')),
                ('moment', models.DateTimeField(verbose_name='done for')),
            ],
            options={
                'verbose_name': 'scheduled run',
                'verbose_name_plural': 'scheduled runs',
                'constraints': [models.UniqueConstraint(fields=('name',), name='one_tick_for_each_task')],
            },
        ),
        migrations.CreateModel(
            name='CaseWordRecord',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('word_id_then', models.BigIntegerField(verbose_name='number of the word')),
                ('recorded_at', models.DateTimeField(default=django.utils.timezone.now, verbose_name='recorded')),
                ('event', models.CharField(choices=[('listed', 'listed'), ('changed', 'altered'), ('removed', 'removed from the list')], max_length=10, verbose_name='what happened')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('court_tier', models.CharField(choices=[('summary_division', 'Summary division of a district court'), ('district', 'District court'), ('district_second_instance', 'District court, second instance'), ('high', 'High court and branches'), ('ip_commercial', 'Intellectual property and commercial court'), ('high_administrative_district_division', 'High administrative court, district division'), ('high_administrative', 'High administrative court, high division'), ('supreme', 'Supreme Court'), ('supreme_administrative', 'Supreme Administrative Court')], max_length=40, verbose_name='bench')),
                ('word', models.CharField(max_length=20, verbose_name='case word')),
                ('procedure', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='procedure')),
                ('meaning', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='meaning')),
                ('openness', models.CharField(choices=[('yes', 'open'), ('no', 'not open'), ('unclear', 'not settled')], max_length=10, verbose_name='open to queries')),
                ('open_from', models.DateField(blank=True, null=True, verbose_name='open from')),
                ('open_until', models.DateField(blank=True, null=True, verbose_name='open until')),
                ('recorded_by', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='recorded by')),
            ],
            options={
                'verbose_name': 'change of a case word',
                'verbose_name_plural': 'changes of case words',
                'ordering': ['-recorded_at', '-pk'],
                'indexes': [models.Index(fields=['word_id_then', 'recorded_at'], name='records_of_case_word')],
            },
        ),
        migrations.CreateModel(
            name='ClerkPost',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='posts', to=settings.AUTH_USER_MODEL, verbose_name='member of staff')),
                ('court', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='posts', to='cpor_core.court', verbose_name='court')),
            ],
            options={
                'verbose_name': "clerk's post",
                'verbose_name_plural': "clerks' posts",
                'permissions': [('oversee_courts', 'Can see the reports and posts of all courts')],
                'constraints': [models.UniqueConstraint(fields=('user', 'court'), name='unique_post')],
            },
        ),
        migrations.CreateModel(
            name='ProgressKind',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=40, verbose_name='code')),
                ('name', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='name')),
                ('stage', models.CharField(blank=True, choices=[('intake', 'Intake'), ('assignment', 'Assignment'), ('filing', 'Filing of documents'), ('service', 'Service'), ('hearing', 'Hearing'), ('evidence', 'Evidence'), ('mediation', 'Mediation'), ('stay', 'Stay'), ('disposition', 'Decision'), ('remedy', 'Appeal'), ('closing', 'Closing'), ('other', 'Other')], max_length=20, verbose_name='stage')),
                ('ends_query', models.BooleanField(default=False, help_text='Two months after such an entry the case can no longer be seen.', verbose_name='ends online access')),
                ('resumes_query', models.BooleanField(default=False, help_text='The file has come back: a countdown that runs is stopped.', verbose_name='restores online access')),
                ('source', models.CharField(blank=True, max_length=200, verbose_name='source of the term')),
                ('hearing_effect', models.CharField(choices=[('sets', 'sets a hearing'), ('moves', 'moves a hearing to another date'), ('calls_off', 'calls a hearing off'), ('tells_of', 'tells of a hearing that is set'), ('none', 'none')], default='none', max_length=10, verbose_name='what it does to hearings')),
                ('legal_basis', models.CharField(blank=True, max_length=300, verbose_name='statutes behind the explanation')),
                ('meaning', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='what it means')),
                ('next_step', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='what usually comes next')),
                ('to_do', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='what the reader must do')),
                ('whom_to_ask', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='whom to ask')),
            ],
            options={
                'verbose_name': 'kind of progress entry',
                'verbose_name_plural': 'kinds of progress entries',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('code',), name='unique_kind_code'), models.UniqueConstraint(cpor_core.translated.lookups.FirstLanguage('name'), name='unique_kind_name', violation_error_message='There is already a kind of progress entry with this name.'), models.CheckConstraint(condition=models.Q(('ends_query', True), ('resumes_query', True), _negated=True), name='kind_ends_or_resumes')],
            },
        ),
        migrations.CreateModel(
            name='QuietPeriod',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('category', models.CharField(choices=[('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], max_length=20, verbose_name='category')),
                ('stage', models.CharField(blank=True, choices=[('intake', 'Intake'), ('assignment', 'Assignment'), ('filing', 'Filing of documents'), ('service', 'Service'), ('hearing', 'Hearing'), ('evidence', 'Evidence'), ('mediation', 'Mediation'), ('stay', 'Stay'), ('disposition', 'Decision'), ('remedy', 'Appeal'), ('closing', 'Closing'), ('other', 'Other')], help_text='If empty, it holds for the stages of the category that are not listed.', max_length=20, verbose_name='stage')),
                ('weeks', models.PositiveSmallIntegerField(help_text='After so many weeks without an entry the email is sent, once.', validators=[django.core.validators.MinValueValidator(1), django.core.validators.MaxValueValidator(104)], verbose_name='weeks')),
            ],
            options={
                'verbose_name': 'quiet period',
                'verbose_name_plural': 'quiet periods',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(fields=('category', 'stage'), name='one_quiet_period_per_category_and_stage', violation_error_message='This stage of the category is already listed.')],
            },
        ),
        migrations.CreateModel(
            name='HearingAdvice',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('directions', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='how to find the courtroom')),
                ('when_to_come', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='when to be there')),
                ('what_to_bring', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='what to bring')),
                ('if_unable', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='what if you cannot come')),
                ('interpreter', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='interpreters')),
                ('accessibility', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='accessibility')),
                ('court', models.ForeignKey(blank=True, help_text='If empty, the texts hold for all courts.', null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.court', verbose_name='court')),
                ('kind', models.ForeignKey(blank=True, help_text='If empty, the texts hold for hearings of all kinds.', limit_choices_to=models.Q(('hearing_effect', 'none'), _negated=True), null=True, on_delete=django.db.models.deletion.CASCADE, related_name='+', to='cpor_core.progresskind', verbose_name='kind of progress entry')),
            ],
            options={
                'verbose_name': 'advice before hearings',
                'verbose_name_plural': 'advice before hearings',
                'ordering': ['pk'],
                'constraints': [models.UniqueConstraint(django.db.models.functions.comparison.Coalesce('court', 0, output_field=models.BigIntegerField()), django.db.models.functions.comparison.Coalesce('kind', 0, output_field=models.BigIntegerField()), name='one_hearing_advice_per_court_and_kind', violation_error_message='There is already advice for this court and kind.')],
            },
        ),
    ]
