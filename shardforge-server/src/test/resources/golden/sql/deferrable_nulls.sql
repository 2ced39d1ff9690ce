create table dn (a int unique nulls not distinct deferrable initially deferred, b int)
---
ok 0

insert into dn values (null, 1)
---
ok 1

insert into dn values (null, 2)
---
ERROR 23505: duplicate key value violates unique constraint "dn_a_key"
detail Key (a)=(null) already exists.

begin
---
ok 0

insert into dn values (null, 2)
---
ok 1

set constraints all immediate
---
ERROR 23505: duplicate key value violates unique constraint "dn_a_key"
detail Key (a)=(null) already exists.

rollback
---
ok 0

begin
---
ok 0

insert into dn values (null, 2)
---
ok 1

delete from dn where b = 1
---
ok 1

commit
---
ok 0

select * from dn
---
a | b
NULL | 2

create table dn2 (a int, b int, unique nulls not distinct (a, b) deferrable)
---
ok 0

insert into dn2 values (1, null), (1, null)
---
ERROR 23505: duplicate key value violates unique constraint "dn2_a_b_key"
detail Key (a, b)=(1, null) already exists.

insert into dn2 values (1, null), (1, 2), (null, 2)
---
ok 3

update dn2 set b = null
---
ERROR 23505: duplicate key value violates unique constraint "dn2_a_b_key"
detail Key (a, b)=(1, null) already exists.

update dn2 set a = 1
---
ERROR 23505: duplicate key value violates unique constraint "dn2_a_b_key"
detail Key (a, b)=(1, 2) already exists.

insert into dn2 values (null, null)
---
ok 1

insert into dn2 values (null, null)
---
ERROR 23505: duplicate key value violates unique constraint "dn2_a_b_key"
detail Key (a, b)=(null, null) already exists.

update dn2 set a = case when b is null then a end, b = coalesce(b, 7)
---
ERROR 23505: duplicate key value violates unique constraint "dn2_a_b_key"
detail Key (a, b)=(null, 2) already exists.

insert into dn2 values (null, 8), (null, 9)
---
ok 2

select * from dn2 order by a, b
---
a | b
1 | 2
1 | NULL
NULL | 2
NULL | 8
NULL | 9
NULL | NULL

alter table dn2 add constraint dn2_one unique nulls not distinct (a) deferrable
---
ERROR 23505: could not create unique index "dn2_one"
detail Key (a)=(1) is duplicated.

delete from dn2 where b in (8, 9) or a = 1 and b = 2
---
ok 3

alter table dn2 add constraint dn2_one unique nulls not distinct (b) deferrable
---
ERROR 23505: could not create unique index "dn2_one"
detail Key (b)=(null) is duplicated.

select pg_get_constraintdef(oid) from pg_constraint where conrelid = 'dn2'::regclass order by conname
---
pg_get_constraintdef
UNIQUE NULLS NOT DISTINCT (a, b) DEFERRABLE

drop table dn, dn2
---
ok 0

create table ambiguous (a text collate "C", b text collate "POSIX", m text)
---
ok 0

create index on ambiguous ((a || b))
---
ERROR 42P22: could not determine which collation to use for index expression
hint Use the COLLATE clause to set the collation explicitly.

create index on ambiguous ((a || b) collate "C")
---
ok 0

create index on ambiguous ((a || m))
---
ok 0

drop table ambiguous
---
ok 0

select timestamptz 'J2452271-08', timestamp 'J2452271-0830', date 'J2452271-08'
---
timestamptz | timestamp | date
2001-12-27 08:00:00+00 | 2001-12-27 00:00:00 | 2001-12-27

select timestamptz 'J2452271/08'
---
ERROR 22007: invalid input syntax for type timestamp with time zone: "J2452271/08"
at 20

select timestamptz 'J2452271-08 04:05'
---
ERROR 22007: invalid input syntax for type timestamp with time zone: "J2452271-08 04:05"
at 20

prepare junk(int) as select $1a
---
ERROR 42601: trailing junk after parameter at or near "$1a"
at 29

prepare junk(int) as select 1 where 1 = $1and true
---
ERROR 42601: trailing junk after parameter at or near "$1and"
at 41

prepare junk(int) as select $1 a, $1"b", $1*2
---
ok 0

execute junk(3)
---
a | b | ?column?
3 | 3 | 6

deallocate junk
---
ok 0
