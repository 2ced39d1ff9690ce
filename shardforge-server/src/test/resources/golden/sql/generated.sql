# Generated columns: values, changes and their errors.
create schema made
---
ok 0

set search_path = made
---
ok 0

create table g (a int primary key, b int generated always as (a * 2) stored, c text)
---
ok 0

insert into g values (1), (2, default, 'x')
---
ERROR 42601: VALUES lists must all be the same length
at 28

insert into g values (3, 33)
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "b"
detail Column "b" is a generated column.

insert into g select 3, 33
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "b"
detail Column "b" is a generated column.

insert into g (a, b) values (3, default), (4, default) returning *
---
a | b | c
3 | 6 | NULL
4 | 8 | NULL

insert into g (a, b) overriding system value values (5, 5)
---
ERROR 428C9: cannot insert a non-DEFAULT value into column "b"
detail Column "b" is a generated column.

select * from g order by a
---
a | b | c
3 | 6 | NULL
4 | 8 | NULL

update g set b = 1
---
ERROR 428C9: column "b" can only be updated to DEFAULT
detail Column "b" is a generated column.

update g set b = default where a = 1
---
ok 0

update g set a = a + 10 where a < 3 returning a, b, c
---
a | b | c

insert into g values (3, default, 'three') on conflict (a) do update set a = 30, c = excluded.c returning *
---
a | b | c
30 | 60 | three

insert into g values (4, default, 'four') on conflict (a) do update set c = excluded.b || '/' || g.b returning *
---
a | b | c
4 | 8 | 8/8

insert into g values (4, default, 'vier') on conflict (a) do update set b = 1
---
ERROR 428C9: column "b" can only be updated to DEFAULT
detail Column "b" is a generated column.

select * from g where b > 20 order by b desc
---
a | b | c
30 | 60 | three

create index on g (b)
---
ok 0

select a from g where b = 60
---
a
30

update g set a = 31 where b = 60
---
ok 1

select a, b from g where b = 62
---
a | b
31 | 62

select a from g where b = 60
---
a

create table bad (a int, b float generated always as (random()) stored)
---
ERROR 42P17: generation expression is not immutable

create table bad (a int, b timestamptz generated always as (now()) stored)
---
ERROR 42P17: generation expression is not immutable

create table bad (a int, b int generated always as ('x' || a) stored)
---
ERROR 42804: column "b" is of type integer but default expression is of type text
hint You will need to rewrite or cast the expression.

create table bad (a date, b text generated always as (a::text) stored)
---
ERROR 42P17: generation expression is not immutable

create table n (a int, s text generated always as (lower(c)) stored not null unique, c text, check (s <> 'no'))
---
ok 0

insert into n (a, c) values (1, 'ONE')
---
ok 1

insert into n (a, c) values (2, 'One')
---
ERROR 23505: duplicate key value violates unique constraint "n_s_key"
detail Key (s)=(one) already exists.

insert into n (a, c) values (2, 'NO')
---
ERROR 23514: new row for relation "n" violates check constraint "n_s_check"
detail Failing row contains (2, no, NO).

insert into n (a) values (2)
---
ERROR 23502: null value in column "s" of relation "n" violates not-null constraint
detail Failing row contains (2, null, null).

update n set c = 'No'
---
ERROR 23514: new row for relation "n" violates check constraint "n_s_check"
detail Failing row contains (1, no, No).

alter table n alter column s set default 'x'
---
ERROR 42601: column "s" of relation "n" is a generated column

alter table n alter column s drop default
---
ERROR 42601: column "s" of relation "n" is a generated column
hint Use ALTER TABLE ... ALTER COLUMN ... DROP EXPRESSION instead.

alter table n alter column c type varchar(20)
---
ERROR 0A000: cannot alter type of a column used by a generated column
detail Column "c" is used by generated column "s".

alter table n alter column s type varchar(20) using 'x'
---
ERROR 42611: cannot specify USING when altering type of generated column
detail Column "s" is a generated column.

alter table n alter column s type varchar(20)
---
ok 0

select s, length(s) from n
---
s | length
one | 3

alter table n rename column c to d
---
ok 0

insert into n (a, d) values (3, 'Three') returning *
---
a | s | d
3 | three | Three

select attname, attgenerated, atthasdef, pg_get_expr(adbin, adrelid) from pg_attribute left join pg_attrdef on adrelid = attrelid and adnum = attnum where attrelid = 'n'::regclass and attnum > 0 order by attnum
---
attname | attgenerated | atthasdef | pg_get_expr
a | '' | f | NULL
s | s | t | lower(d)
d | '' | f | NULL

select column_name, column_default, is_generated, generation_expression from information_schema.columns where table_schema = 'made' and table_name = 'n' order by ordinal_position
---
column_name | column_default | is_generated | generation_expression
a | NULL | NEVER | NULL
s | NULL | ALWAYS | lower(d)
d | NULL | NEVER | NULL

alter table n drop column d
---
ERROR 2BP01: cannot drop column d of table n because other objects depend on it
detail column s of table n depends on column d of table n
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table n alter column a drop expression
---
ERROR 55000: column "a" of relation "n" is not a stored generated column

alter table n alter column a drop expression if exists
---
notice column "a" of relation "n" is not a stored generated column, skipping
ok 0

alter table n alter column s drop expression
---
ok 0

insert into n (a, s, d) values (4, 'given', 'x') returning *
---
a | s | d
4 | given | x

alter table n alter column d type varchar(30)
---
ok 0

alter table g add column e int generated always as (a + 100) stored
---
ok 0

select * from g order by a
---
a | b | c | e
4 | 8 | 8/8 | 104
31 | 62 | three | 131

alter table g drop column a cascade
---
notice drop cascades to 2 other objects
detail drop cascades to column b of table g
drop cascades to column e of table g
ok 0

select * from g order by c
---
c
8/8
three

create table l (like n including all)
---
ok 0

create table g2 (a int, b int generated always as (a % 3) stored)
---
ok 0

create table l2 (like g2 including generated)
---
ok 0

create table l3 (like g2)
---
ok 0

insert into l2 (a) values (7) returning *
---
a | b
7 | 1

insert into l3 values (7, 8) returning *
---
a | b
7 | 8

create table r (x int primary key)
---
ok 0

create table f (y int, x int generated always as (y % 10) stored references r)
---
ok 0

insert into r values (1), (2)
---
ok 2

insert into f values (11), (2)
---
ok 2

insert into f values (5)
---
ERROR 23503: insert or update on table "f" violates foreign key constraint "f_x_fkey"
detail Key (x)=(5) is not present in table "r".

update f set y = 9 where y = 2
---
ERROR 23503: insert or update on table "f" violates foreign key constraint "f_x_fkey"
detail Key (x)=(9) is not present in table "r".

create table f2 (y int, x int generated always as (y % 10) stored references r on delete set null)
---
ERROR 42601: invalid ON DELETE action for foreign key constraint containing generated column

create table f2 (y int, x int generated always as (y % 10) stored references r on update cascade)
---
ERROR 42601: invalid ON UPDATE action for foreign key constraint containing generated column

create view v as select b, a from g2
---
ok 0

create table p (a int, b int generated always as (a) stored, primary key (b))
---
ok 0

insert into p values (1), (2)
---
ok 2

update p set a = a + 10
---
ok 2

select * from p order by b
---
a | b
11 | 11
12 | 12

drop view v
---
ok 0

drop table g, n, l, g2, l2, l3, f, r, p
---
ok 0

drop schema made
---
ok 0

reset search_path
---
ok 0

create table ga (a int, t text generated always as (a || ' sec') stored, n numeric, d date, ts timestamptz, i interval, u uuid)
---
ok 0

create index on ga ((a || 'x'))
---
ok 0

create index on ga (('x' || n || 'y'))
---
ok 0

create index on ga (('x' || i))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on ga ((i::text))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on ga (('x' || d))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

create index on ga (('x' || ts))
---
ERROR 42P17: functions in index expression must be marked IMMUTABLE

alter table ga add x text generated always as (d || 'x') stored
---
ERROR 42P17: generation expression is not immutable

alter table ga add x text generated always as ('u' || u) stored
---
ok 0

insert into ga (a, n, u) values (5, 1.50, 'a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11')
---
ok 1

select * from ga
---
a | t | n | d | ts | i | u | x
5 | 5 sec | 1.50 | NULL | NULL | NULL | a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11 | ua0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11

drop table ga
---
ok 0
