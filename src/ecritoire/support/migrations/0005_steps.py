

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('directory', '0008_number_length'),
        ('support', '0004_incidents'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.AddField(
            model_name='ticket',
            name='channel',
            field=models.CharField(choices=[('portal', 'portail'), ('sign_in', 'page de connexion'), ('mail', 'courriel'), ('phone', 'téléphone'), ('contact', 'référent numérique'), ('forum', 'forum'), ('api', 'autre logiciel'), ('service', 'le service')], default='portal', max_length=8),
        ),
        migrations.AddField(
            model_name='ticket',
            name='first_answered_at',
            field=models.DateTimeField(blank=True, null=True),
        ),
        migrations.AddField(
            model_name='ticket',
            name='structure',
            field=models.ForeignKey(blank=True, help_text='where the person worked', null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to='directory.structure'),
        ),
        migrations.CreateModel(
            name='Queue',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('name', models.CharField(max_length=80)),
                ('discipline', models.CharField(blank=True, help_text="the subject, for specialists' lines", max_length=80)),
                ('address', models.EmailField(blank=True, max_length=254)),
                ('members', models.ManyToManyField(blank=True, related_name='support_queues', to=settings.AUTH_USER_MODEL)),
                ('organisation', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='queues', to='directory.organisation')),
            ],
            options={
                'ordering': ['name'],
            },
        ),
        migrations.AddField(
            model_name='ticket',
            name='queue',
            field=models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='tickets', to='support.queue'),
        ),
        migrations.CreateModel(
            name='TicketEvent',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('created_at', models.DateTimeField(auto_now_add=True)),
                ('updated_at', models.DateTimeField(auto_now=True)),
                ('kind', models.CharField(choices=[('opened', 'ouverte'), ('written', 'la personne a écrit'), ('answered', 'réponse envoyée'), ('noted', 'note ajoutée'), ('taken', 'confiée'), ('changed', 'classée'), ('settled', 'close par la personne'), ('attached', 'rattachée à un incident'), ('detached', "détachée de l'incident")], max_length=12)),
                ('detail', models.JSONField(default=dict)),
                ('actor', models.ForeignKey(blank=True, null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='+', to=settings.AUTH_USER_MODEL)),
                ('ticket', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='events', to='support.ticket')),
            ],
            options={
                'ordering': ['id'],
            },
        ),
        migrations.AddConstraint(
            model_name='queue',
            constraint=models.UniqueConstraint(fields=('organisation', 'name'), name='queue_once'),
        ),
    ]
