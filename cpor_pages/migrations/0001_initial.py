import cpor_core.translated.fields
import cpor_pages.migrations._groups
import cpor_pages.models.news_page
import django.db.migrations.operations.special
import django.db.models.deletion
import modelcluster.fields
import modelsearch.index
import wagtail.fields
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    initial = True

    dependencies = [
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cpor_core', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('simple_translation', '0001_initial'),
        ('wagtailadmin', '0001_create_admin_access_permissions'),
        ('wagtailcore', '0098_apitoken'),
        ('wagtaildocs', '0001_initial'),
        ('wagtaildocs', '0014_alter_document_file_size'),
        ('wagtailimages', '0001_initial'),
        ('wagtailredirects', '0001_initial'),
    ]

    operations = [
        migrations.CreateModel(
            name='AnswerPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('group', models.CharField(choices=[('service', 'About the service'), ('applying', 'Applying'), ('account', 'Account and password'), ('progress', 'Reading the progress')], max_length=20, verbose_name='group')),
                ('answer', wagtail.fields.RichTextField(verbose_name='answer')),
            ],
            options={
                'verbose_name': 'question',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ApplyPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'how to apply',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CaseWordsPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'open case words',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='CourtsPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'courts',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FaqPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'questions and answers',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FormsPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'forms page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='HomePage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('steps', wagtail.fields.StreamField([('step', 2)], block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 1: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 2: ('wagtail.blocks.StructBlock', [[('title', 0), ('text', 1)]], {})}, help_text='The three steps, each drawn with its picture.', verbose_name='steps')),
                ('who', wagtail.fields.RichTextField(blank=True, verbose_name='who may apply')),
                ('starts', wagtail.fields.StreamField([('card', 4)], blank=True, block_lookup={0: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 60}), 1: ('wagtail.blocks.CharBlock', (), {'label': 'Text', 'max_length': 200}), 2: ('wagtail.blocks.PageChooserBlock', (), {'label': 'Page'}), 3: ('wagtail.blocks.CharBlock', (), {'label': 'Words of the link', 'max_length': 40}), 4: ('wagtail.blocks.StructBlock', [[('title', 0), ('text', 1), ('page', 2), ('link_text', 3)]], {})}, help_text='Where each kind of reader begins.', verbose_name='starts')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='more text')),
            ],
            options={
                'verbose_name': 'home page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsIndexPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'news list',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='NewsPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
                ('date', models.DateField(default=cpor_pages.models.news_page.today, verbose_name='date')),
            ],
            options={
                'verbose_name': 'news',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='PlainPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'plain page',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='SearchPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
            ],
            options={
                'verbose_name': 'search',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='ServiceSettings',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('organisation', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='organisation')),
                ('address', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='address')),
                ('phone', models.CharField(blank=True, max_length=40, verbose_name='telephone')),
                ('email', models.EmailField(blank=True, max_length=254, verbose_name='email address')),
                ('notice_is_shown', models.BooleanField(default=False, help_text='Puts the notice on top of every page of the site, in both languages.', verbose_name='show the notice')),
                ('notice', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='notice')),
                ('notice_url', models.URLField(blank=True, verbose_name='link of the notice')),
            ],
            options={
                'verbose_name': 'contact and notice',
            },
        ),
        migrations.CreateModel(
            name='SiteMapPage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
            ],
            options={
                'verbose_name': 'site map',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='FirstPage',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('image', models.ImageField(height_field='height', upload_to='images/first-pages', verbose_name='picture', width_field='width')),
                ('width', models.PositiveSmallIntegerField(editable=False, verbose_name='width')),
                ('height', models.PositiveSmallIntegerField(editable=False, verbose_name='height')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='first_page', to='wagtaildocs.document', verbose_name='file')),
            ],
            options={
                'verbose_name': 'picture of a first page',
                'verbose_name_plural': 'pictures of first pages',
            },
        ),
        migrations.CreateModel(
            name='GuidePage',
            fields=[
                ('page_ptr', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, parent_link=True, primary_key=True, related_name='%(app_label)s_%(class)s', serialize=False, to=settings.WAGTAIL_PAGE_MODEL)),
                ('introduction', models.TextField(blank=True, help_text='One or two sentences below the title: what the reader finds here.', max_length=400, verbose_name='introduction')),
                ('body', wagtail.fields.StreamField([('text', 0), ('notice', 4), ('steps', 9), ('facts', 13), ('figure', 16), ('mails', 17)], blank=True, block_lookup={0: ('cpor_pages.blocks.TextBlock', (), {}), 1: ('wagtail.blocks.ChoiceBlock', [], {'choices': [('info', 'information'), ('warning', 'warning')], 'label': 'Kind'}), 2: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80, 'required': False}), 3: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'link'], 'label': 'Text'}), 4: ('wagtail.blocks.StructBlock', [[('kind', 1), ('title', 2), ('text', 3)]], {}), 5: ('wagtail.blocks.CharBlock', (), {'label': 'Title', 'max_length': 80}), 6: ('wagtail.blocks.RichTextBlock', (), {'features': ['bold', 'italic', 'ol', 'ul', 'link', 'document-link'], 'label': 'Text'}), 7: ('wagtail.blocks.StructBlock', [[('title', 5), ('text', 6)]], {}), 8: ('wagtail.blocks.ListBlock', (7,), {'label': 'Steps', 'min_num': 2}), 9: ('wagtail.blocks.StructBlock', [[('steps', 8)]], {}), 10: ('wagtail.blocks.CharBlock', (), {'label': 'Term', 'max_length': 60}), 11: ('wagtail.blocks.StructBlock', [[('term', 10), ('text', 6)]], {}), 12: ('wagtail.blocks.ListBlock', (11,), {'label': 'Facts', 'min_num': 1}), 13: ('wagtail.blocks.StructBlock', [[('facts', 12)]], {}), 14: ('wagtail.images.blocks.ImageBlock', [], {'label': 'Picture'}), 15: ('wagtail.blocks.CharBlock', (), {'label': 'Caption', 'max_length': 200, 'required': False}), 16: ('wagtail.blocks.StructBlock', [[('image', 14), ('caption', 15)]], {}), 17: ('cpor_pages.blocks.MailsBlock', (), {})}, verbose_name='text')),
                ('own_pdf', models.ForeignKey(blank=True, help_text='Offered in place of the PDF that is made from this page when it is published.', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtaildocs.document', verbose_name='PDF of your own')),
            ],
            options={
                'verbose_name': 'guide',
            },
            bases=('wagtailcore.page',),
        ),
        migrations.CreateModel(
            name='GuidePdf',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('made_on', models.DateField(verbose_name='made on')),
                ('links_to', models.CharField(blank=True, max_length=200, verbose_name='address of the site in it')),
                ('document', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='+', to='wagtaildocs.document', verbose_name='file')),
                ('page', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, related_name='made_pdf', to='cpor_pages.guidepage', verbose_name='page')),
                ('revision', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='revision')),
            ],
            options={
                'verbose_name': 'PDF of a guide',
                'verbose_name_plural': 'PDFs of guides',
            },
        ),
        migrations.CreateModel(
            name='RoleGroup',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('slug', models.SlugField(max_length=40, verbose_name='short name in addresses')),
                ('name', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='name')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='place in the list')),
                ('roles', models.ManyToManyField(help_text='They also say in which categories the group exists: no civil case has a defense counsel.', related_name='role_groups', to='cpor_core.partyrole', verbose_name='roles')),
            ],
            options={
                'verbose_name': 'group of roles',
                'verbose_name_plural': 'groups of roles',
                'ordering': ['sort_order', 'pk'],
            },
        ),
        migrations.CreateModel(
            name='CourtForm',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('live', models.BooleanField(default=True, editable=False, verbose_name='live')),
                ('has_unpublished_changes', models.BooleanField(default=False, editable=False, verbose_name='has unpublished changes')),
                ('first_published_at', models.DateTimeField(blank=True, db_index=True, null=True, verbose_name='first published at')),
                ('last_published_at', models.DateTimeField(editable=False, null=True, verbose_name='last published at')),
                ('go_live_at', models.DateTimeField(blank=True, null=True, verbose_name='go live date/time')),
                ('expire_at', models.DateTimeField(blank=True, null=True, verbose_name='expiry date/time')),
                ('expired', models.BooleanField(default=False, editable=False, verbose_name='expired')),
                ('locked', models.BooleanField(default=False, editable=False, verbose_name='locked')),
                ('locked_at', models.DateTimeField(editable=False, null=True, verbose_name='locked at')),
                ('slug', models.SlugField(max_length=60, verbose_name='short name in addresses')),
                ('title', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='title')),
                ('category', models.CharField(choices=[('all', 'All categories'), ('civil', 'Civil'), ('family', 'Family'), ('criminal', 'Criminal'), ('administrative', 'Administrative')], default='all', max_length=20, verbose_name='category')),
                ('purpose', models.CharField(choices=[('progress_application', 'Follow a case that is already in court'), ('complaint', 'Start a case'), ('petition', 'Ask the court for something in a pending case')], max_length=30, verbose_name='purpose')),
                ('what_for', cpor_core.translated.fields.TranslatedField(default=dict, verbose_name='what it is for')),
                ('who', cpor_core.translated.fields.TranslatedField(blank=True, default=dict, verbose_name='who uses it')),
                ('sort_order', models.PositiveSmallIntegerField(default=0, verbose_name='place in the list')),
                ('latest_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='latest revision')),
                ('live_revision', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='wagtailcore.revision', verbose_name='live revision')),
                ('locked_by', models.ForeignKey(blank=True, editable=False, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='locked_%(class)ss', to=settings.AUTH_USER_MODEL, verbose_name='locked by')),
                ('used_by', modelcluster.fields.ParentalManyToManyField(blank=True, help_text='Visitors narrow the forms down by this. None ticked: the form is for everybody.', related_name='+', to='cpor_pages.rolegroup', verbose_name='used by')),
            ],
            options={
                'verbose_name': 'form',
                'verbose_name_plural': 'forms',
                'ordering': ['sort_order', 'pk'],
            },
            bases=(modelsearch.index.Indexed, models.Model),
        ),
        migrations.CreateModel(
            name='SearchMissCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('query', models.CharField(max_length=100, verbose_name='searched for')),
                ('month', models.DateField(verbose_name='month')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='times')),
            ],
            options={
                'verbose_name': 'search without a hit',
                'verbose_name_plural': 'searches without a hit',
                'constraints': [models.UniqueConstraint(fields=('query', 'month'), name='unique_search_miss_counter')],
            },
        ),
        migrations.CreateModel(
            name='AnswerCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('helpful', models.PositiveIntegerField(default=0, verbose_name='helpful')),
                ('unhelpful', models.PositiveIntegerField(default=0, verbose_name='not helpful')),
                ('answer', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='cpor_pages.answerpage', verbose_name='question')),
            ],
            options={
                'verbose_name': 'votes of a month',
                'verbose_name_plural': 'votes by month',
                'constraints': [models.UniqueConstraint(fields=('answer', 'month'), name='unique_answer_counter')],
            },
        ),
        migrations.CreateModel(
            name='DownloadCounter',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('month', models.DateField(verbose_name='month')),
                ('count', models.PositiveIntegerField(default=0, verbose_name='downloads')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='counters', to='wagtaildocs.document', verbose_name='file')),
            ],
            options={
                'verbose_name': 'downloads of a month',
                'verbose_name_plural': 'downloads by month',
                'constraints': [models.UniqueConstraint(fields=('document', 'month'), name='unique_download_counter')],
            },
        ),
        migrations.CreateModel(
            name='FormVersion',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('version_date', models.DateField(verbose_name='version of')),
                ('docx', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtaildocs.document', verbose_name='DOCX file')),
                ('form', modelcluster.fields.ParentalKey(on_delete=django.db.models.deletion.CASCADE, related_name='versions', to='cpor_pages.courtform', verbose_name='form')),
                ('odt', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtaildocs.document', verbose_name='ODT file')),
                ('pdf', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='wagtaildocs.document', verbose_name='PDF file')),
            ],
            options={
                'verbose_name': 'version of a form',
                'verbose_name_plural': 'versions of forms',
                'ordering': ['-version_date'],
                'constraints': [models.UniqueConstraint(fields=('form', 'version_date'), name='unique_form_version')],
            },
        ),
        migrations.AddConstraint(
            model_name='rolegroup',
            constraint=models.UniqueConstraint(fields=('slug',), name='unique_role_group_slug'),
        ),
        migrations.AddConstraint(
            model_name='courtform',
            constraint=models.UniqueConstraint(fields=('slug',), name='unique_court_form_slug'),
        ),
        migrations.RunPython(
            code=cpor_pages.migrations._groups.make_groups,
            reverse_code=django.db.migrations.operations.special.RunPython.noop,
        ),
    ]
