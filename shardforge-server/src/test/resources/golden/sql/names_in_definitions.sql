# A table's name before its columns in its own definition, and what is wrong with expressions there.
create table fkt (a int primary key, b int check (fkt.b > 0), c int generated always as (fkt.a + public.fkt.b) stored, check (public.fkt.a > fkt.b))
---
ok 0

create table fkt2 (a int check (fkt.a > 0))
---
ERROR 42P01: missing FROM-clause entry for table "fkt"
at 33

create unique index on fkt (b) where public.fkt.a > 2
---
ok 0

create index on fkt ((fkt.a + b))
---
ok 0

alter table fkt add check (fkt.c < 100)
---
ok 0

insert into fkt values (2, 1), (5, 2)
---
ok 2

insert into fkt values (2, 3)
---
ERROR 23514: new row for relation "fkt" violates check constraint "fkt_check"
detail Failing row contains (2, 3, 5).

insert into fkt values (6, 2)
---
ERROR 23505: duplicate key value violates unique constraint "fkt_b_idx"
detail Key (b)=(2) already exists.

select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'fkt'::regclass order by 1
---
pg_get_constraintdef
CHECK ((a > b))
CHECK ((b > 0))
CHECK ((c < 100))
PRIMARY KEY (a)

alter table fkt drop column c
---
ok 0

alter table fkt alter a type bigint using fkt.a + 1
---
ok 0

alter table fkt alter a type bigint using (nosuch.a + 1)
---
ERROR 42P01: missing FROM-clause entry for table "nosuch"
at 44

alter table fkt alter a type bool using a || 'x'
---
ERROR 42804: result of USING clause for column "a" cannot be cast automatically to type boolean
hint You might need to add an explicit cast.

alter table fkt alter a type int[] using a
---
ERROR 42804: result of USING clause for column "a" cannot be cast automatically to type integer[]
hint You might need to add an explicit cast.

select * from fkt order by a
---
a | b
3 | 1
6 | 2

drop table fkt
---
ok 0

create table dft (a int default 5)
---
ok 0

alter table dft alter a type bool
---
ERROR 42804: column "a" cannot be cast automatically to type boolean
hint You might need to specify "USING a::boolean".

alter table dft alter a type bool using a > 1
---
ERROR 42804: default for column "a" cannot be cast automatically to type boolean

create table e1 (a int check (a))
---
ERROR 42804: argument of CHECK must be type boolean, not type integer
at 31

create table e1 (a int check (nosuch > 0))
---
ERROR 42703: column "nosuch" does not exist
at 31

create domain d1 as int check (valu > 0)
---
ERROR 42703: column "valu" does not exist

drop table dft
---
ok 0

create table h1 (abc int, abd int, xyz int)
---
ok 0

create table h2 (abcd int, f1 int)
---
ok 0

select abx from h1
---
ERROR 42703: column "abx" does not exist
at 8
hint Perhaps you meant to reference the column "h1.abc" or the column "h1.abd".

select h1.f1 from h1 join h2 on true
---
ERROR 42703: column h1.f1 does not exist
at 8
hint Perhaps you meant to reference the column "h2.f1".

select hh.a from h1 hh join h2 on true
---
ERROR 42703: column hh.a does not exist
at 8

select xy from h1
---
ERROR 42703: column "xy" does not exist
at 8
hint Perhaps you meant to reference the column "h1.xyz".

select longish from h1
---
ERROR 42703: column "longish" does not exist
at 8

drop table h1, h2
---
ok 0
