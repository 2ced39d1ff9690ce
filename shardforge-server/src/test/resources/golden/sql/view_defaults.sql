set client_min_messages = warning
---
ok 0

create table vdt (id int primary key, a text default 'table', b int default 1, c int)
---
ok 0

create sequence vds
---
ok 0

create view vd as select id, a, b as bb, c, b + 1 as computed from vdt
---
ok 0

alter view vd alter column a set default 'view'
---
ok 0

alter view vd alter bb set default 40 + 2
---
ok 0

alter table vd alter column c set default nextval('vds')
---
ok 0

insert into vd (id) values (1)
---
ok 1

insert into vd (id, a, bb, c) values (2, default, default, 0), (3, 'given', 7, default)
---
ok 2

insert into vdt (id) values (4)
---
ok 1

insert into vd select 5
---
ok 1

select * from vdt order by id
---
id | a | b | c
1 | view | 42 | 1
2 | view | 42 | 0
3 | given | 7 | 2
4 | table | 1 | NULL
5 | view | 42 | 3

create view vdd as select id, bb as bbb, a from vd
---
ok 0

alter view vdd alter a set default 'outer'
---
ok 0

insert into vdd (id) values (6)
---
ok 1

select * from vdt order by id
---
id | a | b | c
1 | view | 42 | 1
2 | view | 42 | 0
3 | given | 7 | 2
4 | table | 1 | NULL
5 | view | 42 | 3
6 | outer | 42 | 4

select column_name, column_default from information_schema.columns where table_name = 'vd' order by ordinal_position
---
column_name | column_default
id | NULL
a | 'view'::text
bb | (40 + 2)
c | nextval('vds'::regclass)
computed | NULL

select attname, atthasdef, pg_get_expr(adbin, adrelid) from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'vd'::regclass and attnum > 0 order by attnum
---
attname | atthasdef | pg_get_expr
id | f | NULL
a | t | 'view'::text
bb | t | (40 + 2)
c | t | nextval('vds'::regclass)
computed | f | NULL

create or replace view vd as select id, a, b as bb, c, b + 1 as computed, c as again from vdt
---
ok 0

insert into vd (id) values (7)
---
ok 1

alter view vd alter bb drop default
---
ok 0

insert into vd (id) values (8)
---
ok 1

select * from vdt where id > 6 order by id
---
id | a | b | c
7 | view | 42 | 5
8 | view | 1 | 6

alter view vd alter a set default 5 / 0
---
ok 0

alter view vd alter bb set default 'x'
---
ERROR 22P02: invalid input syntax for type integer: "x"

alter view vd alter nope set default 1
---
ERROR 42703: column "nope" of relation "vd" does not exist

drop sequence vds
---
ERROR 2BP01: cannot drop sequence vds because other objects depend on it
detail default value for column c of view vd depends on sequence vds
hint Use DROP ... CASCADE to drop the dependent objects too.

drop sequence vds cascade
---
ok 0

insert into vd (id) values (9)
---
ERROR 22012: division by zero

select * from vdt where id > 8 order by id
---
id | a | b | c

alter view vd rename column a to aa
---
ok 0

alter view vd alter aa set default 'renamed'
---
ok 0

insert into vd (id) values (10)
---
ok 1

select * from vdt where id > 9 order by id
---
id | a | b | c
10 | renamed | 1 | NULL

drop view vd cascade
---
ok 0

drop table vdt
---
ok 0

reset client_min_messages
---
ok 0
