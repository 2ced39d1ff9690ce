create table slot (id int primary key deferrable, place int unique deferrable initially deferred, name text, constraint named unique (name, place) deferrable)
---
ok 0

select conname, contype, condeferrable, condeferred, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'slot'::regclass order by 1
---
conname | contype | condeferrable | condeferred | pg_get_constraintdef
named | u | t | f | UNIQUE (name, place) DEFERRABLE
slot_pkey | p | t | f | PRIMARY KEY (id) DEFERRABLE
slot_place_key | u | t | t | UNIQUE (place) DEFERRABLE INITIALLY DEFERRED

select indexrelid::regclass, indisunique, indisprimary, indimmediate, pg_get_indexdef(indexrelid) from pg_index where indrelid = 'slot'::regclass order by 1
---
indexrelid | indisunique | indisprimary | indimmediate | pg_get_indexdef
slot_pkey | t | t | f | CREATE UNIQUE INDEX slot_pkey ON public.slot USING btree (id)
slot_place_key | t | f | f | CREATE UNIQUE INDEX slot_place_key ON public.slot USING btree (place)
named | t | f | f | CREATE UNIQUE INDEX named ON public.slot USING btree (name, place)

select constraint_name, constraint_type, is_deferrable, initially_deferred from information_schema.table_constraints where table_name = 'slot' and constraint_type <> 'CHECK' order by 1
---
constraint_name | constraint_type | is_deferrable | initially_deferred
named | UNIQUE | YES | NO
slot_pkey | PRIMARY KEY | YES | NO
slot_place_key | UNIQUE | YES | YES

insert into slot values (1, 10, 'a'), (2, 20, 'b'), (3, 30, 'c'), (4, null, null), (5, null, null)
---
ok 5

update slot set id = id + 1
---
ok 5

update slot set id = 7 where id = 4 or id = 5
---
ERROR 23505: duplicate key value violates unique constraint "slot_pkey"
detail Key (id)=(7) already exists.

insert into slot values (2, 99, 'x')
---
ERROR 23505: duplicate key value violates unique constraint "slot_pkey"
detail Key (id)=(2) already exists.

insert into slot values (null, 99, 'x')
---
ERROR 23502: null value in column "id" of relation "slot" violates not-null constraint
detail Failing row contains (null, 99, x).

insert into slot values (9, 10, 'x')
---
ERROR 23505: duplicate key value violates unique constraint "slot_place_key"
detail Key (place)=(10) already exists.

insert into slot values (9, 91, 'same'), (10, 92, 'same')
---
ok 2

insert into slot values (11, 93, 'dup'), (12, 93, 'dup')
---
ERROR 23505: duplicate key value violates unique constraint "named"
detail Key (name, place)=(dup, 93) already exists.

update slot set place = 30 - place + 10 where place <= 30
---
ok 3

select * from slot order by id
---
id | place | name
2 | 30 | a
3 | 20 | b
4 | 10 | c
5 | NULL | NULL
6 | NULL | NULL
9 | 91 | same
10 | 92 | same

begin
---
ok 0

insert into slot values (20, 10, 'late')
---
ok 1

select id, place from slot where place = 10 order by id
---
id | place
4 | 10
20 | 10

update slot set place = 11 where id = 20
---
ok 1

commit
---
ok 0

begin
---
ok 0

insert into slot values (21, 11, 'late')
---
ERROR 23505: duplicate key value violates unique constraint "named"
detail Key (name, place)=(late, 11) already exists.

commit
---
ok 0

select count(*) from slot where id = 21
---
count
0

begin
---
ok 0

insert into slot values (21, 11, 'late')
---
ERROR 23505: duplicate key value violates unique constraint "named"
detail Key (name, place)=(late, 11) already exists.

set constraints slot_place_key immediate
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

rollback
---
ok 0

begin
---
ok 0

set constraints slot_pkey deferred
---
ok 0

insert into slot values (2, 94, 'second')
---
ok 1

insert into slot values (3, 95, 'second')
---
ok 1

select id, name from slot where id in (2, 3) order by 1, 2
---
id | name
2 | a
2 | second
3 | b
3 | second

delete from slot where name = 'second' and place = 94
---
ok 1

update slot set id = 33 where place = 95
---
ok 1

set constraints all immediate
---
ok 0

insert into slot values (2, 94, 'second')
---
ERROR 23505: duplicate key value violates unique constraint "slot_pkey"
detail Key (id)=(2) already exists.

rollback
---
ok 0

begin
---
ok 0

set constraints named deferred
---
ok 0

insert into slot values (40, 41, 'n'), (42, 43, 'n')
---
ok 2

savepoint s
---
ok 0

update slot set place = 41 where id = 42
---
ok 1

rollback to s
---
ok 0

commit
---
ok 0

select id, place, name from slot where name = 'n' order by 1
---
id | place | name
40 | 41 | n
42 | 43 | n

begin
---
ok 0

set constraints slot_place_key immediate
---
ok 0

insert into slot values (50, 41, 'o')
---
ERROR 23505: duplicate key value violates unique constraint "slot_place_key"
detail Key (place)=(41) already exists.

rollback
---
ok 0

begin
---
ok 0

delete from slot where id = 40
---
ok 1

insert into slot values (40, 41, 'n')
---
ok 1

commit
---
ok 0

set constraints nothing deferred
---
ERROR 42704: constraint "nothing" does not exist

insert into slot values (1) on conflict (id) do nothing
---
ERROR 55000: ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters

insert into slot values (1) on conflict do nothing
---
ERROR 55000: ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters

insert into slot values (1) on conflict (place) do update set name = 'z'
---
ERROR 55000: ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters

insert into slot values (1) on conflict on constraint named do nothing
---
ERROR 55000: ON CONFLICT does not support deferrable unique constraints/exclusion constraints as arbiters

create table bad (a int references slot)
---
ERROR 55000: cannot use a deferrable primary key for referenced table "slot"

create table bad (a int references slot (place))
---
ERROR 55000: cannot use a deferrable unique constraint for referenced table "slot"

create table bad (a int references slot (id))
---
ERROR 55000: cannot use a deferrable unique constraint for referenced table "slot"

alter table slot alter id drop not null
---
ERROR 42P16: column "id" is in a primary key

alter table slot alter constraint named not deferrable
---
ERROR 42809: constraint "named" of relation "slot" is not a foreign key constraint

create table bad (a int unique initially deferred not deferrable)
---
ERROR 42601: constraint declared INITIALLY DEFERRED must be DEFERRABLE
at 51

create table bad (a int check (a > 0) deferrable)
---
ERROR 42601: misplaced DEFERRABLE clause
at 39

alter table slot drop constraint slot_pkey
---
ok 0

insert into slot values (40, 600, 'again')
---
ok 1

alter table slot add primary key (id) initially deferred
---
ERROR 23505: could not create unique index "slot_pkey"
detail Key (id)=(40) is duplicated.

delete from slot where place = 600
---
ok 1

alter table slot add primary key (id) initially deferred
---
ok 0

insert into slot values (40, 600, 'again')
---
ERROR 23505: duplicate key value violates unique constraint "slot_pkey"
detail Key (id)=(40) already exists.

alter table slot drop constraint named, drop constraint slot_place_key
---
ok 0

update slot set name = 'all', place = 5
---
ok 10

alter table slot add unique (name) deferrable
---
ERROR 23505: could not create unique index "slot_name_key"
detail Key (name)=(all) is duplicated.

alter table slot add unique (place, id) deferrable
---
ok 0

insert into slot values (60, 5, 'p')
---
ok 1

begin
---
ok 0

insert into slot values (60, 5, 'q'), (61, 5, 'q'), (61, 5, 'r')
---
ERROR 23505: duplicate key value violates unique constraint "slot_place_id_key"
detail Key (place, id)=(5, 60) already exists.

commit
---
ok 0

create table copied (like slot including all)
---
ok 0

select conname, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'copied'::regclass order by 1
---
conname | pg_get_constraintdef
copied_pkey | PRIMARY KEY (id) DEFERRABLE INITIALLY DEFERRED
copied_place_id_key | UNIQUE (place, id) DEFERRABLE

create table parent (id int primary key)
---
ok 0

create table child (id int primary key, parent int references parent on update cascade on delete set null, unique (parent) deferrable)
---
ok 0

insert into parent values (1), (2)
---
ok 2

insert into child values (1, 1), (2, 2)
---
ok 2

insert into child values (3, 1)
---
ERROR 23505: duplicate key value violates unique constraint "child_parent_key"
detail Key (parent)=(1) already exists.

delete from parent
---
ok 2

select * from child order by id
---
id | parent
1 | NULL
2 | NULL

create table ranked (rank numeric(4, 2) unique deferrable, word varchar(5), unique (word) deferrable initially deferred)
---
ok 0

insert into ranked values (1.5, 'a'), (1.50, 'b')
---
ERROR 23505: duplicate key value violates unique constraint "ranked_rank_key"
detail Key (rank)=(1.50) already exists.

insert into ranked values (1.5, 'a'), (2.5, 'A')
---
ok 2

begin
---
ok 0

insert into ranked values (3.5, 'a')
---
ok 1

delete from ranked where rank = 1.5
---
ok 1

commit
---
ok 0

select * from ranked order by rank
---
rank | word
2.50 | A
3.50 | a

merge into ranked r using (values (2.5), (3.5)) v (n) on r.rank = v.n when matched then update set rank = 6 - v.n
---
ok 2

select * from ranked order by rank
---
rank | word
2.50 | a
3.50 | A

drop table slot, copied, child, parent, ranked
---
ok 0
