
import django.db.models.deletion
import huanze.base.clock
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('evidence', '0001_initial'),
        ('orgs', '0002_administrators_hold_no_post'),
        ('policies', '0001_initial'),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name='PolicyDocument',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('sha256', models.CharField(max_length=64, verbose_name='内容摘要')),
                ('source', models.CharField(blank=True, max_length=300, verbose_name='来源')),
                ('title', models.CharField(max_length=300, verbose_name='标题')),
                ('number', models.CharField(blank=True, db_index=True, max_length=80, verbose_name='文号')),
                ('date', models.DateField(null=True, verbose_name='成文日期')),
                ('issuers', models.JSONField(default=list, verbose_name='发文机关')),
                ('form', models.CharField(max_length=10, verbose_name='格式')),
                ('encoding', models.CharField(blank=True, max_length=40, verbose_name='编码')),
                ('text', models.TextField(verbose_name='正文')),
                ('repairs', models.JSONField(default=list, verbose_name='修补')),
                ('reader', models.CharField(max_length=20, verbose_name='读取程序版本')),
                ('status', models.CharField(choices=[('in_force', '现行有效'), ('repealed', '已废止'), ('replaced', '已被替代'), ('alias', '另一文本')], default='in_force', max_length=10, verbose_name='效力')),
                ('stage', models.CharField(choices=[('reviewing', '审阅中'), ('accepted', '已审定')], default='reviewing', max_length=10, verbose_name='进度')),
                ('added_at', models.DateTimeField(default=huanze.base.clock.now, verbose_name='录入时间')),
                ('accepted_at', models.DateTimeField(null=True, verbose_name='审定时间')),
                ('accepted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='审定人')),
                ('added_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='录入人')),
                ('file', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='evidence.file', verbose_name='原件')),
                ('kept_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation', verbose_name='保存单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='documents', to='orgs.region', verbose_name='所属区域')),
            ],
        ),
        migrations.CreateModel(
            name='PackDraft',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('code', models.CharField(max_length=8, verbose_name='规则包代码')),
                ('parent', models.CharField(blank=True, max_length=8, verbose_name='上级规则包')),
                ('machine', models.TextField(verbose_name='机拟稿')),
                ('text', models.TextField(verbose_name='规则包')),
                ('state', models.CharField(choices=[('draft', '起草中'), ('submitted', '待复核'), ('returned', '退回修改'), ('passed', '复核通过')], default='draft', max_length=10, verbose_name='状态')),
                ('made_at', models.DateTimeField(default=huanze.base.clock.now, verbose_name='起草时间')),
                ('submitted_at', models.DateTimeField(null=True, verbose_name='送审时间')),
                ('reviewed_at', models.DateTimeField(null=True, verbose_name='复核时间')),
                ('opinion', models.CharField(blank=True, max_length=500, verbose_name='复核意见')),
                ('made_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='起草人')),
                ('reviewed_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='复核人')),
                ('submitted_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='送审人')),
                ('version', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='policies.packversion', verbose_name='发布的版本')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='drafts', to='policies.policydocument')),
            ],
        ),
        migrations.CreateModel(
            name='Fact',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('order', models.PositiveIntegerField(verbose_name='次序')),
                ('kind', models.CharField(choices=[('head', '文件头'), ('clause', '条款'), ('responsibility', '责任分工'), ('obligation', '时限和应办事项'), ('recipient', '抄送抄报'), ('threshold', '门槛和后果'), ('deduction', '扣分'), ('item', '具体事项'), ('citation', '引用文件'), ('publicity', '公示'), ('problem', '整改问题'), ('alias', '简称')], max_length=14, verbose_name='类别')),
                ('clause', models.CharField(blank=True, max_length=60, verbose_name='条款')),
                ('start', models.PositiveIntegerField(verbose_name='起')),
                ('end', models.PositiveIntegerField(verbose_name='止')),
                ('rule', models.CharField(blank=True, max_length=60, verbose_name='规则')),
                ('doubtful', models.BooleanField(default=False, verbose_name='存疑')),
                ('machine', models.JSONField(null=True, verbose_name='机读')),
                ('value', models.JSONField(verbose_name='所定')),
                ('decision', models.CharField(choices=[('open', '待定'), ('accepted', '采纳'), ('corrected', '更正'), ('added', '补充'), ('dropped', '剔除')], default='open', max_length=10, verbose_name='处理')),
                ('why', models.CharField(blank=True, max_length=300, verbose_name='说明')),
                ('decided_at', models.DateTimeField(null=True, verbose_name='处理时间')),
                ('decided_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='处理人')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='facts', to='policies.policydocument')),
            ],
            options={
                'ordering': ['document', 'order'],
            },
        ),
        migrations.CreateModel(
            name='Relation',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('kind', models.CharField(choices=[('cites', '引用'), ('implements', '贯彻落实'), ('replaces', '替代'), ('repeals', '废止'), ('alias', '同一文件')], max_length=10, verbose_name='关系')),
                ('number', models.CharField(blank=True, max_length=80, verbose_name='文号')),
                ('title', models.CharField(blank=True, max_length=300, verbose_name='标题')),
                ('clause', models.CharField(blank=True, max_length=60, verbose_name='条款')),
                ('said_at', models.DateTimeField(default=huanze.base.clock.now, verbose_name='认定时间')),
                ('document', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='relations', to='policies.policydocument')),
                ('said_by', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                ('target', models.ForeignKey(null=True, on_delete=django.db.models.deletion.SET_NULL, related_name='related_from', to='policies.policydocument')),
            ],
        ),
        migrations.CreateModel(
            name='Naming',
            fields=[
                ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                ('name', models.CharField(max_length=120, verbose_name='文件用语')),
                ('kind', models.CharField(blank=True, choices=[('party_committee', '党委'), ('government', '政府'), ('leading_group', '整改工作领导小组'), ('commission_office', '整改工作领导小组办公室（环委会办公室）'), ('department', '部门'), ('town', '镇（街道）'), ('park', '园区'), ('discipline', '纪委监委'), ('congress', '人大'), ('cppcc', '政协'), ('supervision_office', '督查室'), ('court', '法院'), ('procuratorate', '检察院'), ('other', '其他单位')], max_length=20, verbose_name='一类单位')),
                ('decided_at', models.DateTimeField(default=huanze.base.clock.now, verbose_name='认定时间')),
                ('decided_by', models.ForeignKey(on_delete=django.db.models.deletion.PROTECT, related_name='+', to=settings.AUTH_USER_MODEL, verbose_name='认定人')),
                ('organisation', models.ForeignKey(null=True, on_delete=django.db.models.deletion.PROTECT, related_name='+', to='orgs.organisation', verbose_name='单位')),
                ('region', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, related_name='namings', to='orgs.region')),
            ],
            options={
                'indexes': [models.Index(fields=['region', 'name'], name='naming_by_name')],
                'constraints': [models.CheckConstraint(condition=models.Q(models.Q(('kind__gt', ''), ('organisation', None)), models.Q(('kind', ''), ('organisation__isnull', False)), _connector='OR'), name='naming_one_or_a_kind'), models.UniqueConstraint(condition=models.Q(('organisation__isnull', False)), fields=('region', 'name', 'organisation'), name='naming_once_a_unit'), models.UniqueConstraint(condition=models.Q(('organisation', None)), fields=('region', 'name', 'kind'), name='naming_once_a_kind')],
            },
        ),
        migrations.AddIndex(
            model_name='policydocument',
            index=models.Index(fields=['region', 'status'], name='document_by_status'),
        ),
        migrations.AddConstraint(
            model_name='policydocument',
            constraint=models.UniqueConstraint(fields=('region', 'sha256'), name='document_kept_once_in_region'),
        ),
        migrations.AddIndex(
            model_name='packdraft',
            index=models.Index(fields=['document', 'state'], name='draft_by_document'),
        ),
        migrations.AddConstraint(
            model_name='packdraft',
            constraint=models.CheckConstraint(condition=models.Q(('reviewed_by', None), models.Q(('reviewed_by', models.F('submitted_by')), _negated=True), _connector='OR'), name='draft_reviewed_by_a_second_person'),
        ),
        migrations.AddIndex(
            model_name='fact',
            index=models.Index(fields=['document', 'kind', 'order'], name='fact_by_kind'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.UniqueConstraint(fields=('document', 'order'), name='fact_order_once'),
        ),
        migrations.AddConstraint(
            model_name='fact',
            constraint=models.CheckConstraint(condition=models.Q(('end__gte', models.F('start'))), name='fact_ends_after_it_begins'),
        ),
        migrations.AddIndex(
            model_name='relation',
            index=models.Index(fields=['number'], name='relation_by_number'),
        ),
        migrations.AddConstraint(
            model_name='relation',
            constraint=models.UniqueConstraint(fields=('document', 'kind', 'number', 'title'), name='relation_said_once'),
        ),
    ]
