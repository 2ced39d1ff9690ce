# The words of errors of schema changes, and where they have a position.
create table t (a int, b int default (1 + 2), c bool default (1 > 2 and 2 > 1), d int generated always as (b * 2) stored, constraint zz check (b > 0 and (a < 7 or a > 9)), constraint aa check (b > -1), check (not (a > 0 and b > 1)))
---
ok 0

select conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) from pg_constraint where conrelid = 't'::regclass order by 1
---
conname | pg_get_constraintdef | pg_get_constraintdef
aa | CHECK ((b > '-1'::integer)) | CHECK (b > '-1'::integer)
t_check | CHECK ((NOT ((a > 0) AND (b > 1)))) | CHECK (NOT (a > 0 AND b > 1))
zz | CHECK (((b > 0) AND ((a < 7) OR (a > 9)))) | CHECK (b > 0 AND (a < 7 OR a > 9))

select adnum, pg_get_expr(adbin, adrelid), pg_get_expr(adbin, adrelid, true) from pg_attrdef where adrelid = 't'::regclass order by 1
---
adnum | pg_get_expr | pg_get_expr
2 | (1 + 2) | 1 + 2
3 | ((1 > 2) AND (2 > 1)) | 1 > 2 AND 2 > 1
4 | (b * 2) | b * 2

insert into t (a, b) values (8, -3)
---
ERROR 23514: new row for relation "t" violates check constraint "aa"
detail Failing row contains (8, -3, f, -6).

alter table t rename to t
---
ERROR 42P07: relation "t" already exists

alter table t rename column x to y
---
ERROR 42703: column "x" does not exist

alter table t rename column a to b
---
ERROR 42701: column "b" of relation "t" already exists

alter table t add primary key (x)
---
ERROR 42703: column "x" of relation "t" does not exist

alter table t add unique (x)
---
ERROR 42703: column "x" named in key does not exist

create table two (a int primary key, b int primary key)
---
ERROR 42P16: multiple primary keys for table "two" are not allowed
at 44

alter table none add column a int
---
ERROR 42P01: relation "none" does not exist

alter table none rename column a to b
---
ERROR 42P01: relation "none" does not exist

create index on none (a)
---
ERROR 42P01: relation "none" does not exist

truncate none
---
ERROR 42P01: relation "none" does not exist

analyze none
---
ERROR 42P01: relation "none" does not exist

comment on table none is 'x'
---
ERROR 42P01: relation "none" does not exist

grant select on none to public
---
ERROR 42P01: relation "none" does not exist

create table like_none (like none)
---
ERROR 42P01: relation "none" does not exist
at 30

create sequence seq
---
ok 0

create table like_seq (like seq)
---
ERROR 42809: relation "seq" is invalid in LIKE clause
at 29
detail This operation is not supported for sequences.

create table fk (a int, b int, foreign key (a, b) references t (a, b) on update set null (a))
---
ERROR 0A000: a column list with SET NULL is only supported for ON DELETE actions
at 71

alter table t alter constraint zz not valid
---
ERROR 0A000: FOREIGN KEY constraints cannot be marked NOT VALID

create table pk (a int, b int, primary key (a, b))
---
ok 0

create table refers (a int, b int default 0, foreign key (a, b) references pk on delete set default (b, b))
---
ok 0

select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'refers'::regclass
---
pg_get_constraintdef
FOREIGN KEY (a, b) REFERENCES pk(a, b) ON DELETE SET DEFAULT (b)

insert into pk values (1, 1), (1, 0)
---
ok 2

insert into refers values (1, 1)
---
ok 1

delete from pk where b = 1
---
ok 1

select * from refers
---
a | b
1 | 0

drop table refers, pk, t
---
ok 0

drop sequence seq
---
ok 0

create view not_a_table as select 1 as a
---
ok 0

alter table not_a_table alter a drop not null
---
ERROR 42809: ALTER action ALTER COLUMN ... DROP NOT NULL cannot be performed on relation "not_a_table"
detail This operation is not supported for views.

alter table not_a_table alter a set not null
---
ERROR 42809: ALTER action ALTER COLUMN ... SET NOT NULL cannot be performed on relation "not_a_table"
detail This operation is not supported for views.

drop view not_a_table
---
ok 0
