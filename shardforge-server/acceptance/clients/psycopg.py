"""psycopg2: parameters, types, errors, transactions, server-side cursors, COPY."""
import datetime
import decimal
import io
import uuid

import psycopg2
import psycopg2.extras
from psycopg2 import errors, sql

connection = psycopg2.connect("")
psycopg2.extras.register_uuid()

with connection, connection.cursor() as c:
    c.execute(
        "create table item (id serial primary key, name text not null unique, price numeric(10, 2),"
        " made date, at timestamptz default now(), tags text[], data jsonb, code uuid, raw bytea, ok boolean)"
    )
    code = uuid.uuid4()
    row = ("one", decimal.Decimal("1.50"), datetime.date(2024, 2, 29), ["a", "b,c"],
           psycopg2.extras.Json({"k": [1, None]}), code, b"\x00\xff", True)
    c.execute(
        "insert into item (name, price, made, tags, data, code, raw, ok)"
        " values (%s, %s, %s, %s, %s, %s, %s, %s) returning id, at", row)
    number, at = c.fetchone()
    assert number == 1 and at.tzinfo is not None
    c.execute("select name, price, made, tags, data, code, raw, ok from item where id = %s", (number,))
    name, price, made, tags, data, found, raw, ok = c.fetchone()
    assert (name, price, made, tags, data, found, bytes(raw), ok) == (
        "one", row[1], row[2], row[3], {"k": [1, None]}, code, b"\x00\xff", True)
    rows = psycopg2.extras.execute_values(
        c, "insert into item (name, price) values %s returning id",
        [(f"n{i}", i) for i in range(500)], page_size=100, fetch=True)
    assert len(rows) == 500
    psycopg2.extras.execute_batch(c, "update item set ok = %s where id = %s", [(i % 2 == 0, i) for i in range(2, 100)])
    c.execute("select count(*) from item where id = any(%s)", ([2, 3, 999999],))
    assert c.fetchone() == (2,)

try:
    with connection, connection.cursor() as c:
        c.execute("insert into item (name) values ('one')")
    raise AssertionError("a duplicate was taken")
except errors.UniqueViolation as e:
    assert e.diag.constraint_name == "item_name_key" and e.diag.table_name == "item"

with connection, connection.cursor() as c:
    c.execute("savepoint s")
    try:
        c.execute("select 1 / 0")
    except errors.DivisionByZero:
        c.execute("rollback to savepoint s")
    c.execute("select 1")

with connection, connection.cursor("walk") as walk:
    walk.itersize = 7
    walk.execute("select id from item order by id")
    assert [r[0] for r in walk] == list(range(1, 502))

with connection, connection.cursor(cursor_factory=psycopg2.extras.RealDictCursor) as c:
    c.copy_expert("copy item (name, price) from stdin with (format csv, header)", io.StringIO("name,price\nx,1\ny,\n"))
    assert c.rowcount == 2
    out = io.StringIO()
    c.copy_expert("copy (select name, price from item where name in ('x', 'y') order by 1) to stdout", out)
    assert out.getvalue() == "x\t1.00\ny\t\\N\n"
    c.execute(sql.SQL("select {} from {} where name = %s").format(sql.Identifier("price"), sql.Identifier("item")), ("x",))
    assert c.fetchone() == {"price": decimal.Decimal("1.00")}
    assert [d.name for d in c.description] == ["price"]

connection.set_session(isolation_level="SERIALIZABLE", readonly=True, deferrable=True)
with connection, connection.cursor() as c:
    c.execute("select count(*) from item")
    c.execute("show transaction_isolation")
    assert c.fetchone() == ("serializable",)
connection.set_session(isolation_level="READ COMMITTED", readonly=False, deferrable=False)

connection.autocommit = True
with connection.cursor() as c:
    c.execute("select row(1, 'a'), array[[1, 2], [3, 4]], '[1,5)'::text, interval '1 day 2 hours'")
    assert c.fetchone()[1:] == ([[1, 2], [3, 4]], "[1,5)", datetime.timedelta(days=1, hours=2))
assert connection.server_version >= 150000
connection.close()
