"""SQLAlchemy: tables from models, reflection, rows, relations, upserts, two-level transactions."""
import datetime
import decimal

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql as pg
from sqlalchemy.orm import Session, declarative_base, joinedload, relationship, selectinload, subqueryload

engine = sa.create_engine("postgresql+psycopg2://", future=True)
Base = declarative_base()

tagging = sa.Table(
    "tagging", Base.metadata,
    sa.Column("book_id", sa.ForeignKey("book.id", ondelete="CASCADE"), primary_key=True),
    sa.Column("tag_id", sa.ForeignKey("tag.id"), primary_key=True))


class Author(Base):
    __tablename__ = "author"
    id = sa.Column(sa.Integer, sa.Identity(start=10), primary_key=True)
    name = sa.Column(sa.String(80), nullable=False, index=True, comment="as printed")
    born = sa.Column(sa.Date)
    books = relationship("Book", back_populates="author", cascade="all, delete-orphan")
    __table_args__ = (sa.UniqueConstraint("name", "born", name="author_once"), {"comment": "who writes"})


class Book(Base):
    __tablename__ = "book"
    id = sa.Column(sa.BigInteger, primary_key=True)
    title = sa.Column(sa.Text, nullable=False)
    author_id = sa.Column(sa.ForeignKey("author.id", deferrable=True, initially="DEFERRED"), nullable=False)
    price = sa.Column(sa.Numeric(8, 2), server_default=sa.text("0"))
    added = sa.Column(sa.DateTime(timezone=True), server_default=sa.func.now())
    words = sa.Column(pg.ARRAY(sa.Text))
    facts = sa.Column(pg.JSONB, nullable=False, server_default=sa.text("'{}'"))
    code = sa.Column(pg.UUID(as_uuid=True), server_default=sa.text("gen_random_uuid()"))
    author = relationship(Author, back_populates="books")
    tags = relationship("Tag", secondary=tagging, back_populates="books", order_by="Tag.name")
    __table_args__ = (sa.CheckConstraint("price >= 0", name="not_negative"), sa.Index("book_by_title", sa.desc("title")))


class Tag(Base):
    __tablename__ = "tag"
    id = sa.Column(sa.SmallInteger, primary_key=True)
    name = sa.Column(sa.String, unique=True)
    books = relationship(Book, secondary=tagging, back_populates="tags")


Base.metadata.create_all(engine)
Base.metadata.create_all(engine)

look = sa.inspect(engine)
assert sorted(look.get_table_names()) == ["author", "book", "tag", "tagging"]
assert look.get_pk_constraint("tagging")["constrained_columns"] == ["book_id", "tag_id"]
key, = look.get_foreign_keys("book")
assert key["referred_table"] == "author" and key["options"] == {"deferrable": True, "initially": "DEFERRED"}, key
assert {k["options"].get("ondelete") for k in look.get_foreign_keys("tagging")} == {"CASCADE", None}
assert look.get_unique_constraints("author") == [{"name": "author_once", "column_names": ["name", "born"]}] or \
    look.get_unique_constraints("author")[0]["column_names"] == ["name", "born"]
assert [c["name"] for c in look.get_check_constraints("book")] == ["not_negative"]
assert {i["name"] for i in look.get_indexes("book")} == {"book_by_title"}
assert look.get_table_comment("author") == {"text": "who writes"}
columns = {c["name"]: c for c in look.get_columns("author")}
assert columns["id"]["identity"]["start"] == 10 and columns["name"]["comment"] == "as printed"
assert isinstance(columns["name"]["type"], sa.VARCHAR) and columns["name"]["type"].length == 80
book_columns = {c["name"]: c for c in look.get_columns("book")}
assert isinstance(book_columns["words"]["type"], pg.ARRAY) and isinstance(book_columns["facts"]["type"], pg.JSONB)
assert "nextval" in book_columns["id"]["default"], book_columns["id"]
assert look.get_view_names() == [] and look.get_schema_names() and look.default_schema_name == "public"

reflected = sa.MetaData()
reflected.reflect(engine)
assert set(reflected.tables) == {"author", "book", "tag", "tagging"}
assert len(reflected.tables["tagging"].foreign_keys) == 2

with Session(engine) as s:
    lem = Author(name="Lem", born=datetime.date(1921, 9, 12))
    robots = Tag(name="robots")
    lem.books = [Book(title="Cyberiada", price=decimal.Decimal("9.90"), words=["a", "b"], facts={"n": 1}, tags=[robots, Tag(name="tales")]),
                 Book(title="Solaris", facts={"n": [1, 2]}, tags=[Tag(name="sea")])]
    s.add(lem)
    s.commit()
    assert lem.id == 10 and lem.books[0].added.tzinfo is not None and lem.books[1].price == 0
    lem.books[0].title = "Cyberiad"
    lem.books[0].facts = {"n": 2, "more": {"x": None}}
    s.commit()
    for load in (joinedload, subqueryload, selectinload):
        s.expunge_all()
        found = s.execute(sa.select(Author).options(load(Author.books))).unique().scalars().one()
        assert sorted(b.title for b in found.books) == ["Cyberiad", "Solaris"]
    assert s.scalars(sa.select(Book.title).where(Book.facts["n"].astext == "2")).all() == ["Cyberiad"]
    assert s.scalars(sa.select(Book.title).where(Book.facts.contains({"n": 2}))).all() == ["Cyberiad"]
    assert s.scalars(sa.select(Book.title).where(Book.words.any("b"))).all() == ["Cyberiad"]
    rows = s.execute(
        sa.select(Author.name, sa.func.count(Book.id), sa.func.array_agg(pg.aggregate_order_by(Book.title, Book.title.desc())))
        .join(Book).group_by(Author.name).having(sa.func.count() > 1)).all()
    assert rows == [("Lem", 2, ["Solaris", "Cyberiad"])]
    ranked = sa.select(Book.title, sa.func.row_number().over(partition_by=Book.author_id, order_by=Book.title).label("n")).subquery()
    assert s.execute(sa.select(ranked.c.title).where(ranked.c.n == 2)).scalar_one() == "Solaris"
    part = sa.select(sa.literal(1).label("n")).cte(recursive=True)
    part = part.union_all(sa.select(part.c.n + 1).where(part.c.n < 5))
    assert s.execute(sa.select(sa.func.sum(part.c.n))).scalar_one() == 15

    upsert = pg.insert(Tag).values([{"name": "robots"}, {"name": "new"}])
    upsert = upsert.on_conflict_do_update(index_elements=["name"], set_={"name": upsert.excluded.name}).returning(Tag.name)
    assert sorted(s.scalars(upsert)) == ["new", "robots"]
    try:
        with s.begin_nested():
            s.add(Tag(name="sea"))
            s.flush()
        raise AssertionError("a duplicate was taken")
    except sa.exc.IntegrityError:
        pass
    locked = s.execute(sa.select(Tag).where(Tag.name == "sea").with_for_update(skip_locked=True)).scalar_one()
    s.delete(locked.books[0])
    s.commit()
    assert s.execute(sa.select(sa.func.count()).select_from(tagging)).scalar_one() == 2
    s.bulk_insert_mappings(Tag, [{"name": f"t{i}"} for i in range(300)])
    s.commit()
    s.execute(sa.update(Tag).where(Tag.name.like("t%")).values(name=sa.func.upper(Tag.name)),
              execution_options={"synchronize_session": False})
    s.execute(sa.delete(Tag).where(Tag.name.like("T2__")), execution_options={"synchronize_session": False})
    s.commit()
    assert s.execute(sa.select(sa.func.count()).select_from(Tag).where(Tag.name.startswith("T"))).scalar_one() == 201
    s.delete(s.get(Author, 10))
    s.commit()
    assert s.execute(sa.select(sa.func.count()).select_from(Book)).scalar_one() == 0

with engine.connect().execution_options(isolation_level="SERIALIZABLE") as c, c.begin():
    assert c.execute(sa.text("show transaction_isolation")).scalar_one() == "serializable"
with engine.connect().execution_options(stream_results=True) as c:
    assert sum(1 for _ in c.execute(sa.text("select * from generate_series(1, 3000)"))) == 3000
Base.metadata.drop_all(engine)
assert sa.inspect(engine).get_table_names() == []
