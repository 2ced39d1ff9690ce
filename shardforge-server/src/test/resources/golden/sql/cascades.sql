# What goes with what is dropped, and what is told of it.
create schema gone
---
ok 0

create table gone.a (a int primary key)
---
ok 0

create table gone.b (b int references gone.a)
---
ok 0

create table outside (b int references gone.a)
---
ok 0

create view gone.v as select a from gone.a
---
ok 0

create sequence gone.s
---
ok 0

create type gone.mood as enum ('sad', 'ok')
---
ok 0

drop schema gone cascade
---
notice drop cascades to 6 other objects
detail drop cascades to table gone.a
drop cascades to constraint outside_b_fkey on table outside
drop cascades to table gone.b
drop cascades to view gone.v
drop cascades to sequence gone.s
drop cascades to type gone.mood
ok 0

create domain age as int
---
ok 0

create table people (a age, b age)
---
ok 0

create domain old_age as age
---
ok 0

drop domain age cascade
---
notice drop cascades to 3 other objects
detail drop cascades to column b of table people
drop cascades to column a of table people
drop cascades to type old_age
ok 0

drop table people, outside
---
ok 0

create table base (a int primary key, b int, c int generated always as (b * 2) stored, d int generated always as (b * 3) stored)
---
ok 0

create view first as select a from base
---
ok 0

create view second as select a from base
---
ok 0

create view third as select a from first
---
ok 0

drop view first cascade
---
notice drop cascades to view third
ok 0

create table refers (a int references base)
---
ok 0

alter table base drop column b cascade
---
notice drop cascades to 2 other objects
detail drop cascades to column c of table base
drop cascades to column d of table base
ok 0

drop table base cascade
---
notice drop cascades to 2 other objects
detail drop cascades to view second
drop cascades to constraint refers_a_fkey on table refers
ok 0

drop table refers
---
ok 0
