create table item (id int primary key, name text not null, price numeric(8,2), kind int)
---
ok 0

create table kind (id int primary key, label varchar(20))
---
ok 0

insert into item values (1,'pen',1.50,1),(2,'ink',7.25,1),(3,'lamp',30,2),(4,'desk',null,2)
---
ok 4

insert into kind values (1,'paper'),(2,'room')
---
ok 2

create view cheap as select id, name, price * 2 as twice from item where price < 10
---
ok 0

select * from cheap order by id
---
id | name | twice
1 | pen | 3.00
2 | ink | 14.50

select c.name, k.label from cheap c join item i using (id) join kind k on k.id = i.kind order by 1
---
name | label
ink | paper
pen | paper

create view cheap as select 1
---
ERROR 42P07: relation "cheap" already exists

create or replace view cheap as select id, name from item
---
ERROR 42P16: cannot drop columns from view

create or replace view cheap as select id, name as n, price * 2 as twice from item
---
ERROR 42P16: cannot change name of view column "name" to "n"
hint Use ALTER VIEW ... RENAME COLUMN ... to change name of view column instead.

create or replace view cheap as select id, name, 'x'::text as twice from item
---
ERROR 42P16: cannot change data type of view column "twice" from numeric to text

create or replace view cheap as select id, name, price * 2 as twice, kind from item where price < 10
---
ok 0

select * from cheap order by id desc
---
id | name | twice | kind
2 | ink | 14.50 | 1
1 | pen | 3.00 | 1

create or replace view item as select 1
---
ERROR 42809: "item" is not a view

create view named (a, b) as select id, name from item order by name
---
ok 0

select * from named
---
a | b
4 | desk
2 | ink
3 | lamp
1 | pen

create view named (a, b, c) as select 1, 2
---
ERROR 42601: CREATE VIEW specifies more column names than columns

create view twins as select 1 as a, 2 as a
---
ERROR 42701: column "a" specified more than once

create view both_names (x, x) as select 1, 2
---
ERROR 42701: column "x" specified more than once

create view everything as select * from item, kind where item.kind = kind.id
---
ERROR 42701: column "id" specified more than once

create view everything (id, name, price, kind, kind_id, label) as select * from item, kind where item.kind = kind.id
---
ok 0

select * from everything order by id
---
id | name | price | kind | kind_id | label
1 | pen | 1.50 | 1 | 1 | paper
2 | ink | 7.25 | 1 | 1 | paper
3 | lamp | 30.00 | 2 | 2 | room
4 | desk | NULL | 2 | 2 | room

create view joined as select * from item i natural join (select id as kind, label from kind) k
---
ok 0

select * from joined order by id
---
kind | id | name | price | label
1 | 1 | pen | 1.50 | paper
1 | 2 | ink | 7.25 | paper
2 | 3 | lamp | 30.00 | room
2 | 4 | desk | NULL | room

create view counted as select k.label, count(*), sum(price) as total from item i join kind k on k.id = i.kind group by k.label having count(*) > 1
---
ok 0

select * from counted order by 1
---
label | count | total
paper | 2 | 8.75
room | 2 | 30.00

create view upper_part as select c.label, upper(c.label) from counted c
---
ok 0

select * from upper_part order by 1
---
label | upper
paper | PAPER
room | ROOM

create view lists as values (1, 'one'), (2, 'two')
---
ok 0

select * from lists
---
column1 | column2
1 | one
2 | two

create view united as select id, name from item union all select id, label from kind order by 2, 1
---
ok 0

select * from united
---
id | name
4 | desk
2 | ink
3 | lamp
1 | paper
1 | pen
2 | room

create view numbers as with recursive n(i) as (select 1 union all select i + 1 from n where i < 4) select i, i * i as square from n
---
ok 0

select * from numbers
---
i | square
1 | 1
2 | 4
3 | 9
4 | 16

create recursive view steps (n) as values (1) union all select n + 2 from steps where n < 6
---
ok 0

select * from steps
---
n
1
3
5
7

create view sub as select name, (select label from kind where kind.id = item.kind) as label, exists (select from kind where label = name) as same from item
---
ok 0

select * from sub order by name
---
name | label | same
desk | room | f
ink | paper | f
lamp | room | f
pen | paper | f

create view windowed as select name, row_number() over (partition by kind order by price) as place from item
---
ok 0

select * from windowed order by name
---
name | place
desk | 2
ink | 2
lamp | 1
pen | 1

create view untyped as select 'text' as t, null as n
---
ok 0

select pg_typeof(t), pg_typeof(n) from untyped
---
pg_typeof | pg_typeof
text | text

create view bad as select nothing from item
---
ERROR 42703: column "nothing" does not exist
at 27

create view bad as select 1 into elsewhere
---
ERROR 0A000: views must not contain SELECT INTO

create view bad as with x as (delete from item returning *) select * from x
---
ERROR 0A000: views must not contain data-modifying statements in WITH

create view bad as select * from missing
---
ERROR 42P01: relation "missing" does not exist
at 34

alter table item rename to thing
---
ok 0

alter table thing rename column name to title
---
ok 0

alter table thing add column label text default 'new'
---
ok 0

select * from everything order by id
---
id | name | price | kind | kind_id | label
1 | pen | 1.50 | 1 | 1 | paper
2 | ink | 7.25 | 1 | 1 | paper
3 | lamp | 30.00 | 2 | 2 | room
4 | desk | NULL | 2 | 2 | room

select * from cheap order by id
---
id | name | twice | kind
1 | pen | 3.00 | 1
2 | ink | 14.50 | 1

select * from joined order by id
---
kind | id | name | price | label
1 | 1 | pen | 1.50 | paper
1 | 2 | ink | 7.25 | paper
2 | 3 | lamp | 30.00 | room
2 | 4 | desk | NULL | room

select * from sub order by name
---
name | label | same
desk | room | f
ink | paper | f
lamp | room | f
pen | paper | f

alter table thing drop column title
---
ERROR 2BP01: cannot drop column title of table thing because other objects depend on it
detail view cheap depends on column title of table thing
view named depends on column title of table thing
view everything depends on column title of table thing
view joined depends on column title of table thing
view united depends on column title of table thing
view sub depends on column title of table thing
view windowed depends on column title of table thing
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table thing alter column price type numeric(10,2)
---
ERROR 0A000: cannot alter type of a column used by a view or rule
detail rule _RETURN on view cheap depends on column "price"

alter table thing drop column label
---
ok 0

drop table kind
---
ERROR 2BP01: cannot drop table kind because other objects depend on it
detail view everything depends on table kind
view joined depends on table kind
view counted depends on table kind
view upper_part depends on view counted
view united depends on table kind
view sub depends on table kind
hint Use DROP ... CASCADE to drop the dependent objects too.

drop view counted
---
ERROR 2BP01: cannot drop view counted because other objects depend on it
detail view upper_part depends on view counted
hint Use DROP ... CASCADE to drop the dependent objects too.

drop view counted cascade
---
notice drop cascades to view upper_part
ok 0

drop view counted
---
ERROR 42P01: view "counted" does not exist

drop view if exists counted
---
notice view "counted" does not exist, skipping
ok 0

drop table lists
---
ERROR 42809: "lists" is not a table
hint Use DROP VIEW to remove a view.

drop view thing
---
ERROR 42809: "thing" is not a view
hint Use DROP TABLE to remove a table.

drop view named, united
---
ok 0

select * from named
---
ERROR 42P01: relation "named" does not exist
at 15

alter view cheap rename to affordable
---
ok 0

alter view affordable rename column twice to double
---
ok 0

select double from affordable order by 1
---
double
3.00
14.50

alter view affordable rename column nothing to double
---
ERROR 42703: column "nothing" does not exist

alter view affordable rename column id to name
---
ERROR 42701: column "name" of relation "affordable" already exists

alter table affordable rename column double to twice
---
ok 0

alter view if exists nowhere rename to somewhere
---
notice relation "nowhere" does not exist, skipping
ok 0

alter view nowhere rename to somewhere
---
ERROR 42P01: relation "nowhere" does not exist

create schema s
---
ok 0

alter view affordable set schema s
---
ok 0

select * from s.affordable order by id
---
id | name | twice | kind
1 | pen | 3.00 | 1
2 | ink | 14.50 | 1

create view s.inner_view as select twice from s.affordable
---
ok 0

drop view s.affordable
---
ERROR 2BP01: cannot drop view s.affordable because other objects depend on it
detail view s.inner_view depends on view s.affordable
hint Use DROP ... CASCADE to drop the dependent objects too.

alter view s.affordable rename column twice to doubled
---
ok 0

select * from s.inner_view order by 1
---
twice
3.00
14.50

drop schema s
---
ERROR 2BP01: cannot drop schema s because other objects depend on it
detail view s.affordable depends on schema s
view s.inner_view depends on schema s
hint Use DROP ... CASCADE to drop the dependent objects too.

drop schema s cascade
---
notice drop cascades to 2 other objects
detail drop cascades to view s.affordable
drop cascades to view s.inner_view
ok 0

create view loop_a as select 1 as one
---
ok 0

create view loop_b as select one from loop_a
---
ok 0

create or replace view loop_a as select one from loop_b
---
ok 0

select * from loop_a
---
ERROR 42P17: infinite recursion detected in rules for relation "loop_a"

drop view loop_a cascade
---
notice drop cascades to view loop_b
ok 0

insert into counted values (1)
---
ERROR 42P01: relation "counted" does not exist
at 13

create view grouped as select kind, count(*) as n from thing group by kind
---
ok 0

insert into grouped values (1, 2)
---
ERROR 55000: cannot insert into view "grouped"
detail Views containing GROUP BY are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

update grouped set n = 1
---
ERROR 55000: cannot update view "grouped"
detail Views containing GROUP BY are not automatically updatable.
hint To enable updating the view, provide an INSTEAD OF UPDATE trigger or an unconditional ON UPDATE DO INSTEAD rule.

delete from grouped
---
ERROR 55000: cannot delete from view "grouped"
detail Views containing GROUP BY are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

create view distinct_kinds as select distinct kind from thing
---
ok 0

delete from distinct_kinds
---
ERROR 55000: cannot delete from view "distinct_kinds"
detail Views containing DISTINCT are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

create view few as select id from thing limit 2
---
ok 0

delete from few
---
ERROR 55000: cannot delete from view "few"
detail Views containing LIMIT or OFFSET are not automatically updatable.
hint To enable deleting from the view, provide an INSTEAD OF DELETE trigger or an unconditional ON DELETE DO INSTEAD rule.

create view two_tables as select t.id, k.label from thing t, kind k
---
ok 0

insert into two_tables values (1, 'x')
---
ERROR 55000: cannot insert into view "two_tables"
detail Views that do not select from a single table or view are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

truncate grouped
---
ERROR 42809: "grouped" is not a table

create index on grouped (kind)
---
ERROR 42809: cannot create index on relation "grouped"
detail This operation is not supported for views.

select count(*) from information_schema.views where table_name = 'grouped' and view_definition is not null
---
count
1

select table_name from information_schema.view_table_usage where view_name = 'two_tables' order by 1
---
table_name
kind
thing

select table_name, column_name from information_schema.view_column_usage where view_name = 'grouped' order by 1, 2
---
table_name | column_name
thing | kind

select relkind, relhasrules, relnatts from pg_class where relname = 'grouped'
---
relkind | relhasrules | relnatts
v | t | 2

select viewname from pg_views where schemaname = 'public' and viewname like 'g%'
---
viewname
grouped

select attname, format_type(atttypid, atttypmod) from pg_attribute where attrelid = 'everything'::regclass and attnum > 0 order by attnum
---
attname | format_type
id | integer
name | text
price | numeric(8,2)
kind | integer
kind_id | integer
label | character varying(20)

create view secure with (security_invoker = true) as select id from thing
---
ok 0

select reloptions from pg_class where relname = 'secure'
---
reloptions
{security_invoker=true}

alter view secure reset (security_invoker)
---
ok 0

select reloptions from pg_class where relname = 'secure'
---
reloptions
NULL

create view wrong with (fillfactor = 70) as select 1
---
ERROR 22023: unrecognized parameter "fillfactor"

comment on view grouped is 'by kind'
---
ok 0

select obj_description('grouped'::regclass, 'pg_class')
---
obj_description
by kind

drop table thing cascade
---
notice drop cascades to 9 other objects
detail drop cascades to view everything
drop cascades to view joined
drop cascades to view sub
drop cascades to view windowed
drop cascades to view grouped
drop cascades to view distinct_kinds
drop cascades to view few
drop cascades to view two_tables
drop cascades to view secure
ok 0

select count(*) from pg_views where schemaname = 'public'
---
count
4
