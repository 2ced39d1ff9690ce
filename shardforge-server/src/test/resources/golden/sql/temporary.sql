# Temporary tables, views and sequences, and what becomes of them.
create table perm (id int primary key, v text)
---
ok 0

insert into perm values (1, 'perm')
---
ok 1

create temp table t (id int primary key, v text default 'd', check (id > 0))
---
ok 0

insert into t values (1, 'x'), (2), (3, 'z') returning *
---
ERROR 42601: VALUES lists must all be the same length
at 33

insert into t values (0)
---
ERROR 23514: new row for relation "t" violates check constraint "t_id_check"
detail Failing row contains (0, d).

insert into t values (1, 'y') on conflict (id) do update set v = excluded.v
---
ok 1

select * from t join perm using (id)
---
id | v | v
1 | y | perm

create temporary table perm (id serial, w text)
---
ok 0

insert into perm (w) values ('temp') returning *
---
id | w
1 | temp

select * from perm
---
id | w
1 | temp

select * from public.perm
---
id | v
1 | perm

select * from pg_temp.perm
---
id | w
1 | temp

other:> select * from perm
---
id | v
1 | perm

other:> select * from t
---
ERROR 42P01: relation "t" does not exist
at 15

other:> create temp table t (only_mine text)
---
ok 0

other:> select * from t
---
only_mine

set search_path = public, pg_temp
---
ok 0

select * from perm
---
id | v
1 | perm

reset search_path
---
ok 0

select * from perm
---
id | w
1 | temp

drop table perm
---
ok 0

select * from perm
---
id | v
1 | perm

create local temp table if not exists t (x int)
---
notice relation "t" already exists, skipping
ok 0

create table stays (a int primary key)
---
ok 0

select relname, relpersistence from pg_class where relname in ('stays', 't', 't_pkey') and pg_table_is_visible(oid) order by 1
---
relname | relpersistence
stays | p
t | t
t_pkey | t

select table_name, table_type from information_schema.tables where table_name = 'stays'
---
table_name | table_type
stays | BASE TABLE

select current_schema(), current_schemas(false)
---
current_schema | current_schemas
public | {public}

create temp table emptied (a int) on commit delete rows
---
ok 0

insert into emptied values (1)
---
ok 1

select count(*) from emptied
---
count
0

begin
---
ok 0

insert into emptied values (1), (2)
---
ok 2

select count(*) from emptied
---
count
2

commit
---
ok 0

select count(*) from emptied
---
count
0

begin
---
ok 0

create temp table gone on commit drop as select 1 as a
---
ok 1

select * from gone
---
a
1

commit
---
ok 0

select * from gone
---
ERROR 42P01: relation "gone" does not exist
at 15

create temp table kept on commit preserve rows as select * from generate_series(1, 3) g
---
ok 3

select sum(g) from kept
---
sum
6

select g into temp selected from kept where g > 1
---
ok 2

select * from selected order by g
---
g
2
3

create index on kept (g)
---
ok 0

create temp view tv as select g * 2 as h from kept
---
ok 0

create view auto as select g from kept where g > 1
---
notice view "auto" will be a temporary view
ok 0

create or replace temp view over_perm as select v from perm
---
ok 0

select h from tv order by h
---
h
2
4
6

select g from auto order by g
---
g
2
3

other:> select * from auto
---
ERROR 42P01: relation "auto" does not exist
at 15

create temp sequence sq start 5
---
ok 0

select nextval('sq'), nextval('pg_temp.sq')
---
nextval | nextval
5 | 6

create table bad (x int) on commit drop
---
ERROR 42P16: ON COMMIT can only be used on temporary tables

create temp table public.bad (x int)
---
ERROR 42P16: cannot create temporary relation in non-temporary schema
at 19

create table bad (id int references t)
---
ERROR 42P16: constraints on permanent tables may reference only permanent tables

create temp table bad (id int references stays)
---
ERROR 42P16: constraints on temporary tables may reference only temporary tables

create temp table refers (id int references t on delete cascade)
---
ok 0

insert into refers values (2), (3)
---
ERROR 23503: insert or update on table "refers" violates foreign key constraint "refers_id_fkey"
detail Key (id)=(2) is not present in table "t".

delete from t where id = 2
---
ok 0

select * from refers
---
id

insert into refers values (9)
---
ERROR 23503: insert or update on table "refers" violates foreign key constraint "refers_id_fkey"
detail Key (id)=(9) is not present in table "t".

create table pg_temp.named (a int)
---
ok 0

alter table named set schema public
---
ERROR 0A000: cannot move objects into or out of temporary schemas

alter table stays set schema pg_temp
---
ERROR 0A000: cannot move objects into or out of temporary schemas

alter table t add column z int default 4
---
ok 0

alter table t rename to u
---
ok 0

select * from u order by id
---
id | v | z
1 | y | 4

truncate u, refers
---
ok 0

select count(*) from u
---
count
0

begin
---
ok 0

create temp table undone (a int) on commit drop
---
ok 0

rollback
---
ok 0

select * from undone
---
ERROR 42P01: relation "undone" does not exist
at 15

begin
---
ok 0

savepoint s
---
ok 0

create temp table undone (a int) on commit drop
---
ok 0

rollback to s
---
ok 0

commit
---
ok 0

create type pg_temp.hue as enum ('red')
---
ok 0

select 'red'::hue
---
hue
red

create temp table hues (h hue)
---
ok 0

drop table kept
---
ERROR 2BP01: cannot drop table kept because other objects depend on it
detail view tv depends on table kept
view auto depends on table kept
hint Use DROP ... CASCADE to drop the dependent objects too.

drop table kept cascade
---
notice drop cascades to 2 other objects
detail drop cascades to view tv
drop cascades to view auto
ok 0

discard temp
---
ok 0

select * from u
---
ERROR 42P01: relation "u" does not exist
at 15

select * from hues
---
ERROR 42P01: relation "hues" does not exist
at 15

create temp table u (q int)
---
ok 0

select * from u
---
q

drop table stays, perm
---
ok 0
