# ADD CONSTRAINT ... USING INDEX, and names that constraints and indexes cannot have.
create table ci (a int, b text, c int)
---
ok 0

insert into ci values (1,'x',1),(2,'y',2),(3,'z',null)
---
ok 3

create unique index ci_a on ci (a)
---
ok 0

create unique index ci_ab on ci (a, b) include (c)
---
ok 0

create unique index ci_c on ci (c)
---
ok 0

create unique index ci_e on ci ((a + 1))
---
ok 0

create unique index ci_p on ci (b) where a > 0
---
ok 0

create unique index ci_d on ci (b desc)
---
ok 0

create index ci_n on ci (b)
---
ok 0

create table cj (a int)
---
ok 0

create unique index cj_a on cj (a)
---
ok 0

alter table ci add constraint x unique using index nosuch
---
ERROR 42704: index "nosuch" does not exist
at 20

alter table ci add constraint x unique using index cj_a
---
ERROR 55000: index "cj_a" does not belong to table "ci"
at 20

alter table ci add constraint x unique using index ci_e
---
ERROR 42809: index "ci_e" contains expressions
at 20
detail Cannot create a primary key or unique constraint using such an index.

alter table ci add constraint x unique using index ci_p
---
ERROR 42809: "ci_p" is a partial index
at 20
detail Cannot create a primary key or unique constraint using such an index.

alter table ci add constraint x unique using index ci_d
---
ERROR 42809: index "ci_d" column number 1 does not have default sorting behavior
at 20
detail Cannot create a primary key or unique constraint using such an index.

alter table ci add constraint x unique using index ci_n
---
ERROR 42809: "ci_n" is not a unique index
at 20
detail Cannot create a primary key or unique constraint using such an index.

alter table ci add constraint x primary key using index ci_c
---
ERROR 23502: column "c" of relation "ci" contains null values

alter table ci add unique using index ci_c
---
ok 0

alter table ci add constraint x unique using index ci_c
---
ERROR 55000: index "ci_c" is already associated with a constraint
at 20

alter table ci add constraint ci_renamed unique using index ci_ab
---
notice ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "ci_ab" to "ci_renamed"
ok 0

alter table ci add constraint ci_renamed unique using index ci_a
---
ERROR 42P07: relation "ci_renamed" already exists

alter table ci add constraint ci_c primary key using index ci_a
---
ERROR 42P07: relation "ci_c" already exists

alter table ci add constraint ci_pkey primary key using index ci_a
---
notice ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "ci_a" to "ci_pkey"
ok 0

select conname, contype, conindid::regclass, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'ci'::regclass order by 1
---
conname | contype | conindid | pg_get_constraintdef
ci_c | u | ci_c | UNIQUE (c)
ci_pkey | p | ci_pkey | PRIMARY KEY (a)
ci_renamed | u | ci_renamed | UNIQUE (a, b) INCLUDE (c)

insert into ci values (1, 'q', 9)
---
ERROR 23505: duplicate key value violates unique constraint "ci_pkey"
detail Key (a)=(1) already exists.

insert into ci values (null, 'q', 9)
---
ERROR 23502: null value in column "a" of relation "ci" violates not-null constraint
detail Failing row contains (null, q, 9).

insert into ci values (5, 'q', 1)
---
ERROR 23505: duplicate key value violates unique constraint "ci_c"
detail Key (c)=(1) already exists.

insert into ci values (5, 'q', 5) on conflict on constraint ci_renamed do nothing
---
ok 1

insert into ci values (5, 'q', 6) on conflict on constraint ci_pkey do update set c = 77
---
ok 1

select * from ci order by a
---
a | b | c
1 | x | 1
2 | y | 2
3 | z | NULL
5 | q | 77

create table cr (a int references ci, c int references ci (c))
---
ok 0

alter table ci drop constraint ci_c
---
ERROR 2BP01: cannot drop constraint ci_c on table ci because other objects depend on it
detail constraint cr_c_fkey on table cr depends on index ci_c
hint Use DROP ... CASCADE to drop the dependent objects too.

create unique index ci_new on ci (c, a)
---
ok 0

update ci set c = 3 where c is null
---
ok 1

alter table cr drop constraint cr_a_fkey
---
ok 0

alter table ci drop constraint ci_pkey, add constraint ci_again primary key using index ci_new
---
notice ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "ci_new" to "ci_again"
ok 0

drop table cr
---
ok 0

begin
---
ok 0

create unique index ci_b on ci (b)
---
ok 0

alter table ci add constraint ci_b unique using index ci_b
---
ok 0

rollback
---
ok 0

create table ck (a int, b int)
---
ok 0

insert into ck values (1,1),(null,2)
---
ok 2

create unique index ck_a on ck (a)
---
ok 0

alter table ck add primary key using index ck_a
---
ERROR 23502: column "a" of relation "ck" contains null values

delete from ck where a is null
---
ok 1

alter table ck add primary key using index ck_a
---
ok 0

alter table ck drop constraint ck_a
---
ok 0

alter table ck alter a drop not null
---
ok 0

create unique index ck_a on ck (a)
---
ok 0

begin
---
ok 0

alter table ck add constraint ck_pk primary key using index ck_a
---
notice ALTER TABLE / ADD CONSTRAINT USING INDEX will rename index "ck_a" to "ck_pk"
ok 0

insert into ck values (1, 5)
---
ERROR 23505: duplicate key value violates unique constraint "ck_pk"
detail Key (a)=(1) already exists.

rollback
---
ok 0

create table cn (a int primary key using index foo)
---
ERROR 42601: syntax error at or near "foo"
at 48

create table cn (a int, unique using index foo)
---
ERROR 0A000: cannot use an existing index in CREATE TABLE
at 25

drop table ci, cj, ck
---
ok 0

CREATE TABLE tt9 (c int)
---
ok 0

ALTER TABLE tt9 ADD UNIQUE(c)
---
ok 0

ALTER TABLE tt9 ADD UNIQUE(c)
---
ok 0

ALTER TABLE tt9 ADD CONSTRAINT tt9_c_key UNIQUE(c)
---
ERROR 42P07: relation "tt9_c_key" already exists

alter table tt9 add constraint ch check (c > 0)
---
ok 0

alter table tt9 add constraint ch unique (c)
---
ERROR 42710: constraint "ch" for relation "tt9" already exists

create table tt10 (c int, constraint x check (c > 0), constraint x unique (c))
---
ERROR 42710: constraint "x" for relation "tt10" already exists

create table tt10 (c int, constraint tt9 unique (c))
---
ERROR 42P07: relation "tt9" already exists

create unique index tt9_u on tt9 (c)
---
ok 0

drop table tt9
---
ok 0
