from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('outbox', '0004_notices'),
    ]

    operations = [
        migrations.AddIndex(
            model_name='message',
            index=models.Index(condition=models.Q(('done_at__isnull', False), ('head', None), models.Q(('body', b''), _negated=True)), fields=['done_at'], name='outbox_contents_by_age'),
        ),
    ]
