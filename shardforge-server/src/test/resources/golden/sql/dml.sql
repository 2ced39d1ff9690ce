create table t (id int primary key, name text not null, amount numeric(10,2) default 0, created date default '2024-01-01', check (amount >= 0))
---
ok 0

insert into t values (1,'one',1.5), (2,'two',2), (3,'three',default)
---
ok 3

insert into t (id, name) values (4, 'four') returning *
---
id | name | amount | created
4 | four | 0.00 | 2024-01-01

insert into t values (1,'again')
---
ERROR 23505: duplicate key value violates unique constraint "t_pkey"
detail Key (id)=(1) already exists.

insert into t (id) values (9)
---
ERROR 23502: null value in column "name" of relation "t" violates not-null constraint
detail Failing row contains (9, null, 0.00, 2024-01-01).

insert into t values (9,'nine',-1)
---
ERROR 23514: new row for relation "t" violates check constraint "t_amount_check"
detail Failing row contains (9, nine, -1.00, 2024-01-01).

insert into t values (9,'nine','x')
---
ERROR 22P02: invalid input syntax for type numeric: "x"
at 32

insert into t values ('z','nine')
---
ERROR 22P02: invalid input syntax for type integer: "z"
at 23

insert into t values (9)
---
ERROR 23502: null value in column "name" of relation "t" violates not-null constraint
detail Failing row contains (9, null, 0.00, 2024-01-01).

insert into t (id, nosuch) values (1,2)
---
ERROR 42703: column "nosuch" of relation "t" does not exist
at 20

insert into t values (1,2,3,4,5)
---
ERROR 42601: INSERT has more expressions than target columns
at 31

select * from t order by id
---
id | name | amount | created
1 | one | 1.50 | 2024-01-01
2 | two | 2.00 | 2024-01-01
3 | three | 0.00 | 2024-01-01
4 | four | 0.00 | 2024-01-01

update t set amount = amount * 2 where id <= 2
---
ok 2

update t set name = 'zwei', amount = default where id = 2 returning id, name, amount
---
id | name | amount
2 | zwei | 0.00

update t set id = id + 10 where id = 4
---
ok 1

update t set id = 1 where id = 2
---
ERROR 23505: duplicate key value violates unique constraint "t_pkey"
detail Key (id)=(1) already exists.

update t set name = null where id = 1
---
ERROR 23502: null value in column "name" of relation "t" violates not-null constraint
detail Failing row contains (1, null, 3.00, 2024-01-01).

delete from t where id = 14
---
ok 1

delete from t where id = 99
---
ok 0

insert into t values (1,'uno',5) on conflict (id) do update set name = excluded.name, amount = t.amount + excluded.amount returning *
---
id | name | amount | created
1 | uno | 8.00 | 2024-01-01

insert into t values (1,'x'),(5,'five') on conflict do nothing
---
ok 1

insert into t values (1,'x') on conflict (name) do nothing
---
ERROR 42P10: there is no unique or exclusion constraint matching the ON CONFLICT specification

insert into t select id + 100, name, amount from t where id < 3
---
ok 2

select count(*), sum(amount), avg(amount), min(name), max(id) from t
---
count | sum | avg | min | max
6 | 16.00 | 2.6666666666666667 | five | 102

create table u (tid int, note text)
---
ok 0

insert into u values (1,'a'),(1,'b'),(3,'c'),(null,'d')
---
ok 4

update t set name = u.note from u where u.tid = t.id and u.note = 'c' returning t.id, t.name, u.note
---
id | name | note
3 | c | c

delete from u using t where u.tid = t.id and t.id = 1
---
ok 2

select * from u order by note
---
tid | note
3 | c
NULL | d

with d as (delete from u where tid is null returning *) select * from d
---
tid | note
NULL | d

truncate u
---
ok 0

select count(*) from u
---
count
0

select id, name from t where name like 't%' or id in (1,5) order by 1
---
id | name
1 | uno
5 | five

select distinct amount from t order by amount
---
amount
0.00
8.00

select distinct on (amount) amount, id from t order by amount, id desc
---
amount | id
0.00 | 102
8.00 | 101

drop table t, u
---
ok 0

drop table t
---
ERROR 42P01: table "t" does not exist

drop table if exists t
---
notice table "t" does not exist, skipping
ok 0
