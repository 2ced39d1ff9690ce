create table d (a int, b text)
---
ok 0

create table d (a int)
---
ERROR 42P07: relation "d" already exists

create table if not exists d (a int)
---
notice relation "d" already exists, skipping
ok 0

insert into d values (1,'x'),(2,'y'),(2,'z')
---
ok 3

alter table d add column c int default 7
---
ok 0

select * from d order by a, b
---
a | b | c
1 | x | 7
2 | y | 7
2 | z | 7

alter table d add primary key (a)
---
ERROR 23505: could not create unique index "d_pkey"
detail Key (a)=(2) is duplicated.

delete from d where b = 'z'
---
ok 1

alter table d add primary key (a)
---
ok 0

insert into d values (1,'dup')
---
ERROR 23505: duplicate key value violates unique constraint "d_pkey"
detail Key (a)=(1) already exists.

alter table d alter column b set not null
---
ok 0

insert into d (a) values (5)
---
ERROR 23502: null value in column "b" of relation "d" violates not-null constraint
detail Failing row contains (5, null, 7).

alter table d rename column b to name
---
ok 0

select name from d order by a
---
name
x
y

alter table d drop column c
---
ok 0

select * from d order by a
---
a | name
1 | x
2 | y

create unique index d_name on d (name)
---
ok 0

insert into d values (3,'x')
---
ERROR 23505: duplicate key value violates unique constraint "d_name"
detail Key (name)=(x) already exists.

create index if not exists d_name on d (name)
---
notice relation "d_name" already exists, skipping
ok 0

drop index d_name
---
ok 0

insert into d values (3,'x')
---
ok 1

alter table d rename to e
---
ok 0

select count(*) from e
---
count
3

alter table e add constraint positive check (a > 0)
---
ok 0

insert into e values (-1,'n')
---
ERROR 23514: new row for relation "e" violates check constraint "positive"
detail Failing row contains (-1, n).

alter table e drop constraint positive
---
ok 0

create sequence s start 10 increment 5
---
ok 0

select nextval('s'), nextval('s'), currval('s')
---
nextval | nextval | currval
10 | 15 | 15

select setval('s', 100), nextval('s')
---
setval | nextval
100 | 105

create table ser (id serial primary key, g int generated always as identity, v text)
---
ok 0

insert into ser (v) values ('a'),('b') returning id, g, v
---
id | g | v
1 | 1 | a
2 | 2 | b

insert into ser (g, v) values (5, 'c')
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "g"
detail Column "g" is an identity column defined as GENERATED ALWAYS.
hint Use OVERRIDING SYSTEM VALUE to override.

create schema app
---
ok 0

create table app.t (x int)
---
ok 0

insert into app.t values (1)
---
ok 1

select * from app.t
---
x
1

set search_path to app, public
---
ok 0

select * from t
---
x
1

reset search_path
---
ok 0

drop schema app
---
ERROR 2BP01: cannot drop schema app because other objects depend on it
detail table app.t depends on schema app
hint Use DROP ... CASCADE to drop the dependent objects too.

drop schema app cascade
---
notice drop cascades to table app.t
ok 0

begin
---
ok 0

create table tx (x int primary key)
---
ok 0

insert into tx values (1)
---
ok 1

select * from tx
---
x
1

rollback
---
ok 0

select * from tx
---
ERROR 42P01: relation "tx" does not exist
at 15

create table bad (x nosuchtype)
---
ERROR 42704: type "nosuchtype" does not exist
at 21

create table bad (x int, x int)
---
ERROR 42701: column "x" specified more than once

create table bad (x int primary key, y int primary key)
---
ERROR 42P16: multiple primary keys for table "bad" are not allowed
at 44

create table as_copy as select a, name from e where a < 3
---
ok 2

select * from as_copy order by a
---
a | name
1 | x
2 | y

create table uq (a int, b int, unique (a, b))
---
ok 0

insert into uq values (1,null),(1,null),(1,2)
---
ok 3

insert into uq values (1,2)
---
ERROR 23505: duplicate key value violates unique constraint "uq_a_b_key"
detail Key (a, b)=(1, 2) already exists.

drop table e, ser, as_copy, uq
---
ok 0

drop sequence s
---
ok 0

create table noted (a int)
---
ok 0

comment on table noted is 'what for'
---
ok 0

comment on column noted.a is 'which'
---
ok 0

select obj_description('noted'::regclass), obj_description('noted'::regclass, 'pg_class'), col_description('noted'::regclass, 1)
---
obj_description | obj_description | col_description
what for | what for | which

drop table noted
---
ok 0
