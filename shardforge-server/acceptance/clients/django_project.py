"""Django: a project with its own applications' tables and ours, migrations that alter them, inspectdb, the admin."""
import contextlib
import datetime
import decimal
import importlib
import io
import os
import pathlib
import sys
import tempfile
import uuid

import django
from django.conf import settings

work = pathlib.Path(tempfile.mkdtemp(prefix="django."))
(work / "shop" / "migrations").mkdir(parents=True)
(work / "shop" / "__init__.py").touch()
(work / "shop" / "migrations" / "__init__.py").touch()
sys.path.insert(0, str(work))

MODELS = """
import uuid
from django.contrib.auth.models import User
from django.contrib.postgres.fields import ArrayField
from django.db import models

class Category(models.Model):
    name = models.CharField(max_length={length}, unique=True, db_index=True)
    parent = models.ForeignKey('self', null=True, blank=True, on_delete=models.CASCADE)

class Product(models.Model):
    code = models.UUIDField(primary_key=True, default=uuid.uuid4)
    title = models.CharField(max_length=100)
    slug = models.SlugField()
    category = models.ForeignKey(Category, on_delete=models.PROTECT, related_name='products')
    price = models.DecimalField(max_digits=8, decimal_places=2)
    stock = models.{stock}(default=0)
    facts = models.JSONField(default=dict)
    labels = ArrayField(models.CharField(max_length=20), default=list)
    photo = models.BinaryField(null=True)
    made = models.DateField(null=True)
    took = models.DurationField(null=True)
    added = models.DateTimeField(auto_now_add=True)
    {more}
    class Meta:
        unique_together = [('slug', 'category')]
        indexes = [models.Index(fields=['title', '-price'], name='by_title')]
        constraints = [models.CheckConstraint(check=models.Q(price__gte=0), name='price_ok')]
        ordering = ['title']

class Order(models.Model):
    buyer = models.ForeignKey(User, on_delete=models.CASCADE)
    products = models.ManyToManyField(Product, through='Line')
    at = models.DateTimeField(db_index=True)

class Line(models.Model):
    order = models.ForeignKey(Order, on_delete=models.CASCADE)
    product = models.ForeignKey(Product, on_delete=models.CASCADE)
    count = models.PositiveSmallIntegerField(default=1)
    {line}
"""


def write_models(**parts):
    (work / "shop" / "models.py").write_text(MODELS.format(**parts))


write_models(length=40, stock="IntegerField", more="", line="")
settings.configure(
    SECRET_KEY="k", USE_TZ=True, TIME_ZONE="Europe/Warsaw", ROOT_URLCONF="urls", ALLOWED_HOSTS=["*"],
    DEFAULT_AUTO_FIELD="django.db.models.BigAutoField", STATIC_URL="/static/",
    INSTALLED_APPS=["django.contrib.admin", "django.contrib.auth", "django.contrib.contenttypes", "django.contrib.sessions",
                    "django.contrib.messages", "django.contrib.sites", "django.contrib.postgres", "shop"],
    MIDDLEWARE=["django.contrib.sessions.middleware.SessionMiddleware", "django.contrib.auth.middleware.AuthenticationMiddleware",
                "django.contrib.messages.middleware.MessageMiddleware"],
    TEMPLATES=[{"BACKEND": "django.template.backends.django.DjangoTemplates", "APP_DIRS": True, "OPTIONS": {"context_processors": [
        "django.template.context_processors.request", "django.contrib.auth.context_processors.auth",
        "django.contrib.messages.context_processors.messages"]}}],
    DATABASES={"default": {"ENGINE": "django.db.backends.postgresql", "NAME": os.environ["PGDATABASE"],
                           "USER": os.environ.get("PGUSER", ""), "PASSWORD": os.environ.get("PGPASSWORD", ""),
                           "HOST": os.environ.get("PGHOST", ""), "PORT": os.environ.get("PGPORT", "")}})
(work / "urls.py").write_text("""
from django.contrib import admin
from django.urls import path
from shop import models
class Lines(admin.TabularInline):
    model = models.Line
@admin.register(models.Order)
class Orders(admin.ModelAdmin):
    inlines = [Lines]
    date_hierarchy = 'at'
    list_filter = ['buyer']
@admin.register(models.Product)
class Products(admin.ModelAdmin):
    list_display = ['title', 'category', 'price']
    search_fields = ['title', 'category__name']
    list_filter = ['category', 'made']
admin.site.register(models.Category)
urlpatterns = [path('admin/', admin.site.urls)]
""")
django.setup()

from django.core.management import call_command  # noqa: E402
from django.db import IntegrityError, connection, models, transaction  # noqa: E402
from django.db.models import Avg, Count, Exists, F, OuterRef, Q, Subquery, Sum, Window  # noqa: E402
from django.db.models.functions import Coalesce, ExtractYear, Lower, Rank, TruncMonth  # noqa: E402


def manage(*words, **options):
    out = io.StringIO()
    with contextlib.redirect_stdout(out):
        call_command(*words, stdout=out, verbosity=0 if words[0] != "inspectdb" else 1, **options)
    return out.getvalue()


manage("makemigrations", "shop")
manage("migrate")
assert manage("makemigrations", "shop", check=True, dry_run=True) == ""
os.environ["DJANGO_SUPERUSER_PASSWORD"] = "secret"
manage("createsuperuser", username="root", email="root@example.org", interactive=False)

from django.contrib.auth.models import Permission, User  # noqa: E402
from shop.models import Category, Line, Order, Product  # noqa: E402

root = User.objects.get(username="root")
assert root.check_password("secret") and Permission.objects.filter(content_type__app_label="shop").count() == 16
tools = Category.objects.create(name="Tools")
saws = Category.objects.create(name="Saws", parent=tools)
with transaction.atomic():
    # The child comes before its parent: the constraint is deferred.
    Category.objects.bulk_create([Category(id=100, name="Late", parent_id=101)])
    Category.objects.create(id=101, name="Later")
try:
    with transaction.atomic():
        Category.objects.create(name="Orphan", parent_id=999)
    raise AssertionError("an orphan was taken")
except IntegrityError:
    pass
products = Product.objects.bulk_create(
    Product(title=f"Saw {i}", slug=f"saw-{i}", category=saws, price=decimal.Decimal(i) / 4, facts={"teeth": i, "of": {"steel": i % 2 == 0}},
            labels=["sharp", f"l{i % 3}"], photo=bytes([i]), made=datetime.date(2024, 1 + i % 12, 1),
            took=datetime.timedelta(hours=i)) for i in range(50))
p = Product.objects.get(slug="saw-7")
assert (p.price, p.facts["teeth"], p.labels, bytes(p.photo), p.took) == (decimal.Decimal("1.75"), 7, ["sharp", "l1"], b"\x07", datetime.timedelta(hours=7))
assert isinstance(p.code, uuid.UUID) and p.added.tzinfo is not None
try:
    with transaction.atomic():
        Product.objects.create(title="x", slug="saw-7", category=saws, price=1)
    raise AssertionError("a duplicate was taken")
except IntegrityError:
    pass
try:
    with transaction.atomic():
        Product.objects.filter(slug="saw-7").update(price=-1)
    raise AssertionError("a price was taken")
except IntegrityError:
    pass
assert Product.objects.filter(facts__teeth__gt=47).count() == 2
assert Product.objects.filter(facts__of__steel=True).count() == 25
assert Product.objects.filter(facts__contains={"teeth": 5}).count() == 1 and Product.objects.filter(facts__has_key="of").count() == 50
assert Product.objects.filter(labels__contains=["l1"]).count() == 17 and Product.objects.filter(labels__0="sharp").count() == 50
assert Product.objects.filter(labels__overlap=["l1", "l2"]).count() == 33 and Product.objects.filter(labels__len=2).exists()
assert Product.objects.filter(title__icontains="SAW 1").count() == 11 and Product.objects.filter(title__iregex=r"^saw \d$").count() == 10
assert Product.objects.filter(made__year=2024, made__month=3).count() == 4 and Product.objects.filter(added__date__gte=datetime.date(2020, 1, 1)).count() == 50
assert Product.objects.filter(took__gt=datetime.timedelta(hours=47)).count() == 2
now = datetime.datetime(2024, 5, 5, 12, tzinfo=datetime.timezone.utc)
for n in range(5):
    order = Order.objects.create(buyer=root, at=now + datetime.timedelta(days=20 * n))
    Line.objects.bulk_create(Line(order=order, product=products[i], count=i) for i in range(n + 1))
assert list(Order.objects.annotate(n=Count("line"), s=Sum("line__count")).order_by("id").values_list("n", "s")) == [(1, 0), (2, 1), (3, 3), (4, 6), (5, 10)]
assert [(m["m"].month, m["n"]) for m in Order.objects.annotate(m=TruncMonth("at")).values("m").annotate(n=Count("id")).order_by("m")] == [(5, 2), (6, 1), (7, 2)]
assert Order.objects.dates("at", "month").count() == 3 and Order.objects.annotate(y=ExtractYear("at")).filter(y=2024).count() == 5
assert Product.objects.annotate(sold=Exists(Line.objects.filter(product=OuterRef("pk")))).filter(sold=True).count() == 5
newest = Order.objects.filter(line__product=OuterRef("pk")).order_by("-at").values("at")[:1]
assert Product.objects.annotate(last=Subquery(newest)).filter(last__isnull=False).count() == 5
assert Product.objects.annotate(r=Window(Rank(), order_by=F("price").desc())).first().r == 50
assert Product.objects.aggregate(a=Avg("price"), s=Coalesce(Sum("stock"), 0))["s"] == 0
assert Product.objects.filter(Q(category__parent__name="Tools") & ~Q(line__order__buyer__username="root")).count() == 45
assert Category.objects.select_related("parent").get(name="Saws").parent == tools
assert len(Order.objects.prefetch_related("products").last().products.all()) == 5
Product.objects.filter(slug="saw-1").update(stock=F("stock") + 3, title=Lower("title"))
assert Product.objects.values_list("title", "stock").get(slug="saw-1") == ("saw 1", 3)
with transaction.atomic():
    assert Product.objects.select_for_update(of=("self",), skip_locked=True).select_related("category").filter(stock=3).count() == 1
Product.objects.bulk_update([Product(code=x.code, stock=5) for x in products[:10]], ["stock"])
assert Product.objects.filter(stock=5).count() == 10
Category.objects.bulk_create([Category(name="Tools"), Category(name="New")], ignore_conflicts=True)
assert Category.objects.get_or_create(name="New")[1] is False and Category.objects.update_or_create(name="Newer")[1] is True
assert Product.objects.order_by("category", "title").distinct("category").count() == 1
assert Product.objects.values("slug").union(Category.objects.values("name")).count() == 56
assert len(list(Product.objects.iterator(chunk_size=7))) == 50
assert "Scan" in Product.objects.filter(stock=5).explain()
try:
    saws.delete()
    raise AssertionError("a category in use went")
except models.ProtectedError:
    pass
Order.objects.first().delete()
assert Line.objects.count() == 14
root.groups.create(name="staff")

from django.test import Client  # noqa: E402

client = Client()
assert client.login(username="root", password="secret")
for url in ("/admin/", "/admin/shop/product/?q=saw+1&category__id__exact=%d" % saws.id, "/admin/shop/order/?at__year=2024",
            "/admin/shop/order/%d/change/" % Order.objects.first().id, "/admin/auth/user/", "/admin/shop/category/%d/delete/" % tools.id):
    answer = client.get(url)
    assert answer.status_code == 200, (url, answer.status_code)
answer = client.post("/admin/shop/category/add/", {"name": "From the admin", "parent": str(tools.id)})
assert answer.status_code == 302 and Category.objects.filter(name="From the admin").exists()

write_models(length=80, stock="BigIntegerField", more="weight = models.FloatField(default=1.5)\n    note = models.TextField(blank=True, default='')",
             line="class Meta:\n        unique_together = [('order', 'product')]\n        index_together = [('product', 'count')]")
for name in ("shop.models",):
    from django.apps import apps
    apps.all_models["shop"].clear()
    apps.clear_cache()
    importlib.reload(sys.modules[name])
manage("makemigrations", "shop", name="second")
manage("migrate")
with connection.cursor() as c:
    c.execute("select count(*), min(weight) from shop_product")
    assert c.fetchone() == (50, 1.5)
manage("migrate", "shop", "0001")
manage("migrate")
text = manage("inspectdb")
for words in ("class ShopProduct(models.Model)", "unique_together = (('slug', 'category'),)", "models.JSONField()", "ShopCategory", "models.DO_NOTHING)",
              "max_length=80", "class AuthUserGroups(models.Model)", "stock = models.BigIntegerField()", "code = models.UUIDField(primary_key=True)"):
    assert words in text, (words, text)
dump = work / "all.json"
dump.write_text(manage("dumpdata", exclude=["contenttypes", "auth.permission", "admin.logentry", "sessions"]))
manage("flush", interactive=False)
assert User.objects.count() == 0
manage("loaddata", str(dump))
with connection.cursor() as c:
    c.execute("select count(*) from shop_line")
    assert c.fetchone() == (14,)
connection.check_constraints()
manage("sqlflush")
manage("sqlsequencereset", "shop")
manage("migrate", "shop", "zero")
