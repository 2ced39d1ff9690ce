create table p (id int primary key, name text, code varchar(10) unique, a int, b int, unique (a, b))
---
ok 0

create table c (id int primary key, pid int references p)
---
ok 0

insert into p values (1, 'one', 'x', 1, 1), (2, 'two', 'y', 1, 2), (3, 'three', 'z', 2, 1)
---
ok 3

insert into c values (1, 1), (2, 1), (3, null)
---
ok 3

insert into c values (4, 9)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(9) is not present in table "p".

insert into c values (4, 2), (5, 8), (6, 9)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(8) is not present in table "p".

select * from c order by id
---
id | pid
1 | 1
2 | 1
3 | NULL

update c set pid = 7 where id = 1
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(7) is not present in table "p".

update c set pid = 2 where id = 1
---
ok 1

update c set pid = null where id = 1
---
ok 1

update c set pid = 1 where id = 1
---
ok 1

delete from p where id = 1
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(1) is still referenced from table "c".

update p set id = 10 where id = 1
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(1) is still referenced from table "c".

update p set name = 'uno', code = 'xx' where id = 1
---
ok 1

update p set id = id where id = 1
---
ok 1

delete from p where id = 3
---
ok 1

insert into p values (3, 'three', 'z', 2, 1)
---
ok 1

truncate p
---
ERROR 0A000: cannot truncate a table referenced in a foreign key constraint
detail Table "c" references "p".
hint Truncate table "c" at the same time, or use TRUNCATE ... CASCADE.

truncate p, c
---
ok 0

select count(*) from c
---
count
0

insert into p values (1, 'one', 'x', 1, 1), (2, 'two', 'y', 1, 2), (3, 'three', 'z', 2, 1)
---
ok 3

drop table p
---
ERROR 2BP01: cannot drop table p because other objects depend on it
detail constraint c_pid_fkey on table c depends on table p
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table p drop constraint p_pkey
---
ERROR 2BP01: cannot drop constraint p_pkey on table p because other objects depend on it
detail constraint c_pid_fkey on table c depends on index p_pkey
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table p drop column id
---
ERROR 2BP01: cannot drop column id of table p because other objects depend on it
detail constraint c_pid_fkey on table c depends on column id of table p
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table c drop column pid
---
ok 0

insert into p values (4, 'four', 'w', 5, 5)
---
ok 1

delete from p where id = 4
---
ok 1

drop table c
---
ok 0

# Errors of definitions.
create table c (pid int references nowhere)
---
ERROR 42P01: relation "nowhere" does not exist

create table c (pid int references p (nothing))
---
ERROR 42703: column "nothing" referenced in foreign key constraint does not exist

create table c (pid int, foreign key (nothing) references p)
---
ERROR 42703: column "nothing" referenced in foreign key constraint does not exist

create table c (pid text references p)
---
ERROR 42804: foreign key constraint "c_pid_fkey" cannot be implemented
detail Key columns "pid" and "id" are of incompatible types: text and integer.

create table c (pid numeric references p)
---
ERROR 42804: foreign key constraint "c_pid_fkey" cannot be implemented
detail Key columns "pid" and "id" are of incompatible types: numeric and integer.

create table c (pid int references p (name))
---
ERROR 42830: there is no unique constraint matching given keys for referenced table "p"

create table c (pid int references p (a))
---
ERROR 42830: there is no unique constraint matching given keys for referenced table "p"

create table c (x int, y int, foreign key (x, y) references p)
---
ERROR 42830: number of referencing and referenced columns for foreign key disagree

create table c (x int, y int, foreign key (x, y) references p (a, a))
---
ERROR 42830: foreign key referenced-columns list must not contain duplicates

create table c (x int, foreign key (x) references p (a, b))
---
ERROR 42830: number of referencing and referenced columns for foreign key disagree

create table n (v int)
---
ok 0

create table c (x int references n)
---
ERROR 42704: there is no primary key for referenced table "n"

create table c (x int references pg_class)
---
ERROR 42501: permission denied: "pg_class" is a system catalog

create table c (x int, y int, foreign key (x) references p on delete set null (y))
---
ERROR 42P10: column "y" referenced in ON DELETE SET action must be part of foreign key

create table c (x int constraint dup references p, constraint dup foreign key (x) references p)
---
ERROR 42710: constraint "dup" for relation "c" already exists

create table c (x int references p match partial)
---
ERROR 0A000: MATCH PARTIAL not yet implemented
at 36

# Other key types and composite keys.
create table c (code text references p (code), x int, y smallint, foreign key (y, x) references p (b, a))
---
ok 0

insert into c values ('x', 1, 1)
---
ok 1

insert into c values ('q', 1, 1)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_code_fkey"
detail Key (code)=(q) is not present in table "p".

insert into c values (null, 7, 7)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_y_x_fkey"
detail Key (y, x)=(7, 7) is not present in table "p".

insert into c values (null, 7, null)
---
ok 1

insert into c values ('z', 1, 2)
---
ok 1

update p set code = 'xyz' where code = 'x'
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_code_fkey" on table "c"
detail Key (code)=(x) is still referenced from table "c".

delete from p where code = 'z'
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_code_fkey" on table "c"
detail Key (code)=(z) is still referenced from table "c".

update p set a = 99 where id = 2
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_y_x_fkey" on table "c"
detail Key (b, a)=(2, 1) is still referenced from table "c".

delete from p where a = 1 and b = 1
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_code_fkey" on table "c"
detail Key (code)=(x) is still referenced from table "c".

select * from c order by 1, 2, 3
---
code | x | y
x | 1 | 1
z | 1 | 2
NULL | 7 | NULL

drop table c
---
ok 0

# MATCH FULL.
create table c (x int, y int, foreign key (x, y) references p (a, b) match full)
---
ok 0

insert into c values (null, null), (1, 1)
---
ok 2

insert into c values (null, 1)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_x_y_fkey"
detail MATCH FULL does not allow mixing of null and nonnull key values.

insert into c values (3, 1)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_x_y_fkey"
detail Key (x, y)=(3, 1) is not present in table "p".

drop table c
---
ok 0

# Actions for deletion.
create table c (id int primary key, pid int references p on delete cascade on update cascade)
---
ok 0

create table g (id int primary key, cid int references c on delete cascade)
---
ok 0

insert into c values (1, 1), (2, 1), (3, 2)
---
ok 3

insert into g values (1, 1), (2, 2), (3, 3)
---
ok 3

update p set id = 11 where id = 1
---
ok 1

select * from c order by id
---
id | pid
1 | 11
2 | 11
3 | 2

delete from p where id = 11
---
ok 1

select * from c order by id
---
id | pid
3 | 2

select * from g order by id
---
id | cid
3 | 3

insert into p values (1, 'one', 'x', 1, 1)
---
ok 1

insert into c values (1, 1)
---
ok 1

update p set id = id + 100
---
ok 3

select * from c order by id
---
id | pid
1 | 101
3 | 102

delete from p
---
ok 3

select count(*) from c
---
count
0

select count(*) from g
---
count
0

drop table g, c
---
ok 0

insert into p values (1, 'one', 'x', 1, 1), (2, 'two', 'y', 1, 2), (3, 'three', 'z', 2, 1)
---
ok 3

create table c (id int primary key, pid int default 2 references p on delete set default on update set null)
---
ok 0

insert into c values (1, 1), (2, 2), (3, 3)
---
ok 3

delete from p where id = 1
---
ok 1

select * from c order by id
---
id | pid
1 | 2
2 | 2
3 | 3

update p set id = 33 where id = 3
---
ok 1

select * from c order by id
---
id | pid
1 | 2
2 | 2
3 | NULL

delete from p where id = 2
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(2) is still referenced from table "c".

update c set pid = 33
---
ok 3

delete from p where id in (2, 33)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(2) is not present in table "p".

delete from p where id = 2
---
ok 1

delete from p where id = 33
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(2) is not present in table "p".

insert into p values (2, 'two', 'y', 1, 2)
---
ok 1

update c set pid = 2
---
ok 3

delete from p where id = 2
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(2) is still referenced from table "c".

select * from c order by id
---
id | pid
1 | 2
2 | 2
3 | 2

drop table c
---
ok 0

delete from p
---
ok 2

insert into p values (1, 'one', 'x', 1, 1), (2, 'two', 'y', 1, 2), (3, 'three', 'z', 2, 1)
---
ok 3

create table c (id int primary key, x int, y int, foreign key (x, y) references p (a, b) on delete set null (y) on update cascade)
---
ok 0

insert into c values (1, 1, 1), (2, 1, 2)
---
ok 2

update p set a = 7 where id = 2
---
ok 1

delete from p where id = 1
---
ok 1

select * from c order by id
---
id | x | y
1 | 1 | NULL
2 | 7 | 2

delete from p where id = 2
---
ok 1

select * from c order by id
---
id | x | y
1 | 1 | NULL
2 | 7 | NULL

drop table c
---
ok 0

create table c (id int primary key, pid int not null references p on delete set null)
---
ok 0

insert into c values (1, 3)
---
ok 1

delete from p where id = 3
---
ERROR 23502: null value in column "pid" of relation "c" violates not-null constraint
detail Failing row contains (1, null).

drop table c
---
ok 0

create table c (id int primary key, pid int references p on delete cascade check (pid < 100))
---
ok 0

create table g (id int primary key, cid int references c on delete restrict)
---
ok 0

insert into c values (1, 3)
---
ok 1

insert into g values (1, 1)
---
ok 1

delete from p where id = 3
---
ERROR 23503: update or delete on table "c" violates foreign key constraint "g_cid_fkey" on table "g"
detail Key (id)=(1) is still referenced from table "g".

delete from g
---
ok 1

delete from p where id = 3
---
ok 1

select * from c
---
id | pid

drop table p
---
ERROR 2BP01: cannot drop table p because other objects depend on it
detail constraint c_pid_fkey on table c depends on table p
hint Use DROP ... CASCADE to drop the dependent objects too.

drop table p cascade
---
notice drop cascades to constraint c_pid_fkey on table c
ok 0

insert into c values (5, 5)
---
ok 1

drop table g, c
---
ok 0

# Self-references.
create table tree (id int primary key, parent int references tree on delete cascade)
---
ok 0

insert into tree values (1, null), (2, 1), (3, 2), (4, 4)
---
ok 4

insert into tree values (6, 7), (7, 6)
---
ok 2

insert into tree values (8, 9)
---
ERROR 23503: insert or update on table "tree" violates foreign key constraint "tree_parent_fkey"
detail Key (parent)=(9) is not present in table "tree".

update tree set id = 20 where id = 2
---
ERROR 23503: update or delete on table "tree" violates foreign key constraint "tree_parent_fkey" on table "tree"
detail Key (id)=(2) is still referenced from table "tree".

update tree set id = 40, parent = 40 where id = 4
---
ok 1

delete from tree where id = 1
---
ok 1

select * from tree order by id
---
id | parent
6 | 7
7 | 6
40 | 40

delete from tree
---
ok 3

drop table tree
---
ok 0

create table tree (id int primary key, parent int references tree)
---
ok 0

insert into tree values (1, null), (2, 1), (3, 2)
---
ok 3

delete from tree where id = 2
---
ERROR 23503: update or delete on table "tree" violates foreign key constraint "tree_parent_fkey" on table "tree"
detail Key (id)=(2) is still referenced from table "tree".

delete from tree where id in (2, 3)
---
ok 2

delete from tree
---
ok 1

# ALTER TABLE.
create table p (id int primary key, u int)
---
ok 0

create table c (id int primary key, pid int)
---
ok 0

insert into p values (1, 10), (2, 20)
---
ok 2

insert into c values (1, 1), (2, 5)
---
ok 2

alter table c add foreign key (pid) references p
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(5) is not present in table "p".

alter table c add constraint named foreign key (pid) references p (u)
---
ERROR 42830: there is no unique constraint matching given keys for referenced table "p"

delete from c where id = 2
---
ok 1

alter table c add constraint named foreign key (pid) references p on update cascade
---
ok 0

alter table c add constraint named foreign key (pid) references p
---
ERROR 42710: constraint "named" for relation "c" already exists

alter table c rename constraint named to other
---
ok 0

insert into c values (2, 5)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "other"
detail Key (pid)=(5) is not present in table "p".

alter table c rename constraint other to other
---
ERROR 42710: constraint "other" for relation "c" already exists

alter table c alter column pid type bigint
---
ok 0

alter table c alter column pid type text
---
ERROR 42804: foreign key constraint "other" cannot be implemented
detail Key columns "pid" and "id" are of incompatible types: text and integer.

alter table p alter column id type bigint
---
ok 0

alter table p alter column id type text
---
ERROR 42804: foreign key constraint "other" cannot be implemented
detail Key columns "pid" and "id" are of incompatible types: bigint and text.

insert into c values (2, 5)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "other"
detail Key (pid)=(5) is not present in table "p".

delete from p where id = 1
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "other" on table "c"
detail Key (id)=(1) is still referenced from table "c".

alter table c drop constraint other
---
ok 0

alter table c drop constraint other
---
ERROR 42704: constraint "other" of relation "c" does not exist

insert into c values (2, 5)
---
ok 1

alter table c add foreign key (pid) references p (id), add column pid2 int
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(5) is not present in table "p".

delete from c where id = 2
---
ok 1

alter table c add foreign key (pid) references p (id), add column pid2 int
---
ok 0

alter table p drop constraint p_pkey
---
ERROR 2BP01: cannot drop constraint p_pkey on table p because other objects depend on it
detail constraint c_pid_fkey on table c depends on index p_pkey
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table p drop constraint p_pkey cascade
---
notice drop cascades to constraint c_pid_fkey on table c
ok 0

insert into c values (3, 3, 3)
---
ok 1

alter table p add primary key (id)
---
ok 0

create unique index p_u on p (u)
---
ok 0

alter table c add constraint to_u foreign key (id) references p (u)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "to_u"
detail Key (id)=(1) is not present in table "p".

update c set id = id * 10 where id = 1
---
ok 1

delete from c where id = 3
---
ok 1

alter table c add constraint to_u foreign key (id) references p (u)
---
ok 0

drop index p_u
---
ERROR 2BP01: cannot drop index p_u because other objects depend on it
detail constraint to_u on table c depends on index p_u
hint Use DROP ... CASCADE to drop the dependent objects too.

drop index p_u cascade
---
notice drop cascades to constraint to_u on table c
ok 0

alter table c add column x int default 4 references p
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_x_fkey"
detail Key (x)=(4) is not present in table "p".

alter table c add column x int default 2 references p
---
ok 0

select * from c order by id
---
id | pid | pid2 | x
10 | 1 | NULL | 2

alter table p drop column id
---
ERROR 2BP01: cannot drop column id of table p because other objects depend on it
detail constraint c_x_fkey on table c depends on column id of table p
hint Use DROP ... CASCADE to drop the dependent objects too.

alter table p drop column id cascade
---
notice drop cascades to constraint c_x_fkey on table c
ok 0

truncate p
---
ok 0

drop table c, p
---
ok 0

# Circular references.
create table a (id int primary key, b int)
---
ok 0

create table b (id int primary key, a int references a)
---
ok 0

alter table a add foreign key (b) references b
---
ok 0

insert into a values (1, null)
---
ok 1

insert into b values (1, 1)
---
ok 1

update a set b = 1
---
ok 1

delete from a
---
ERROR 23503: update or delete on table "a" violates foreign key constraint "b_a_fkey" on table "b"
detail Key (id)=(1) is still referenced from table "b".

drop table a
---
ERROR 2BP01: cannot drop table a because other objects depend on it
detail constraint b_a_fkey on table b depends on table a
hint Use DROP ... CASCADE to drop the dependent objects too.

truncate a
---
ERROR 0A000: cannot truncate a table referenced in a foreign key constraint
detail Table "b" references "a".
hint Truncate table "b" at the same time, or use TRUNCATE ... CASCADE.

truncate a cascade
---
notice truncate cascades to table "b"
ok 0

drop table a, b
---
ok 0

# Statements of all kinds.
create table p (id int primary key, v int)
---
ok 0

create table c (id int primary key, pid int references p on delete cascade)
---
ok 0

insert into p select g, g from generate_series(1, 100) g
---
ok 100

insert into c select g, g from generate_series(1, 100) g
---
ok 100

insert into c select g, g from generate_series(101, 110) g
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(101) is not present in table "p".

insert into c values (1, 555) on conflict (id) do update set pid = excluded.pid
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(555) is not present in table "p".

insert into c values (1, 50) on conflict (id) do update set pid = excluded.pid
---
ok 1

insert into c values (1, 555) on conflict do nothing
---
ok 0

insert into p values (1, 5) on conflict (id) do update set id = 777
---
ok 1

delete from p where id > 90
---
ok 11

select count(*) from c
---
count
90

with new as (insert into p values (200, 1) returning id) insert into c select id, id from new
---
ok 1

with gone as (delete from p where id = 200 returning id) insert into c select 201, id from gone
---
ok 1

select * from c where id >= 200
---
id | pid

with gone as (delete from p where id = 5 returning id) update c set pid = 6 where pid in (select id from gone)
---
ok 1

update c set pid = p.v + 1000 from p where p.id = c.pid and c.id = 7
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(1007) is not present in table "p".

delete from p where id = 7 returning id
---
id
7

delete from p using c where c.pid = p.id and c.id < 10
---
ok 7

select count(*) from c where id < 10
---
count
0

prepare del as delete from p where id = 20
---
ok 0

alter table c drop constraint c_pkey
---
ok 0

alter table c drop constraint c_pid_fkey
---
ok 0

alter table c add foreign key (pid) references p
---
ok 0

execute del
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(20) is still referenced from table "c".

begin
---
ok 0

insert into p values (500, 1)
---
ok 1

insert into c values (500, 500)
---
ok 1

delete from p where id = 500
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_pid_fkey" on table "c"
detail Key (id)=(500) is still referenced from table "c".

rollback
---
ok 0

begin
---
ok 0

savepoint s
---
ok 0

insert into c values (500, 500)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_pid_fkey"
detail Key (pid)=(500) is not present in table "p".

rollback to s
---
ok 0

insert into p values (500, 1)
---
ok 1

insert into c values (500, 500)
---
ok 1

commit
---
ok 0

select * from c where id = 500
---
id | pid
500 | 500

drop table p, c
---
ok 0

# Roles.
create table p (id int primary key)
---
ok 0

create table np (id int)
---
ok 0

insert into np values (1)
---
ok 1

alter table np add foreign key (id) references p
---
ERROR 23503: insert or update on table "np" violates foreign key constraint "np_id_fkey"
detail Key (id)=(1) is not present in table "p".

insert into p values (1)
---
ok 1

alter table np add foreign key (id) references p
---
ok 0

insert into np values (2)
---
ERROR 23503: insert or update on table "np" violates foreign key constraint "np_id_fkey"
detail Key (id)=(2) is not present in table "p".

delete from p
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "np_id_fkey" on table "np"
detail Key (id)=(1) is still referenced from table "np".

update np set id = null
---
ok 1

delete from p
---
ok 1

drop table np, p
---
ok 0

drop schema if exists fks cascade
---
notice schema "fks" does not exist, skipping
ok 0

create schema fks
---
ok 0

create table fks.p (id int primary key)
---
ok 0

create table fks.c (id int references fks.p)
---
ok 0

create table outside (id int references fks.p)
---
ok 0

insert into outside values (3)
---
ERROR 23503: insert or update on table "outside" violates foreign key constraint "outside_id_fkey"
detail Key (id)=(3) is not present in table "p".

drop table outside
---
ok 0

drop schema fks
---
ERROR 2BP01: cannot drop schema fks because other objects depend on it
detail table fks.p depends on schema fks
table fks.c depends on schema fks
hint Use DROP ... CASCADE to drop the dependent objects too.

create table outside (id int references fks.p)
---
ok 0

drop schema fks cascade
---
notice drop cascades to 3 other objects
detail drop cascades to table fks.p
drop cascades to constraint outside_id_fkey on table outside
drop cascades to table fks.c
ok 0

insert into outside values (3)
---
ok 1

drop table outside
---
ok 0

# What the catalog says.
create table p (id int primary key, a int, b text, unique (b, a))
---
ok 0

create table c (id int references p on delete set null (id), x int, y varchar(7), constraint many foreign key (x, y) references p (a, b) match full on update cascade on delete restrict)
---
ok 0

select conname, contype, conrelid::regclass, confrelid::regclass, conindid::regclass, conkey, confkey, confupdtype, confdeltype, confmatchtype, conpfeqop, conppeqop, conffeqop, confdelsetcols, conislocal, coninhcount, connoinherit, convalidated, condeferrable, condeferred from pg_constraint where contype = 'f' order by conname
---
conname | contype | conrelid | confrelid | conindid | conkey | confkey | confupdtype | confdeltype | confmatchtype | conpfeqop | conppeqop | conffeqop | confdelsetcols | conislocal | coninhcount | connoinherit | convalidated | condeferrable | condeferred
c_id_fkey | f | c | p | p_pkey | {1} | {1} | a | n | s | {96} | {96} | {96} | {1} | t | 0 | t | t | f | f
many | f | c | p | p_b_a_key | {2,3} | {2,3} | c | r | f | {96,98} | {96,98} | {96,98} | NULL | t | 0 | t | t | f | f
tree_parent_fkey | f | tree | tree | tree_pkey | {2} | {1} | a | a | s | {96} | {96} | {96} | NULL | t | 0 | t | t | f | f

select conname, pg_get_constraintdef(oid), pg_get_constraintdef(oid, true) from pg_constraint where contype = 'f' order by conname
---
conname | pg_get_constraintdef | pg_get_constraintdef
c_id_fkey | FOREIGN KEY (id) REFERENCES p(id) ON DELETE SET NULL (id) | FOREIGN KEY (id) REFERENCES p(id) ON DELETE SET NULL (id)
many | FOREIGN KEY (x, y) REFERENCES p(a, b) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT | FOREIGN KEY (x, y) REFERENCES p(a, b) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT
tree_parent_fkey | FOREIGN KEY (parent) REFERENCES tree(id) | FOREIGN KEY (parent) REFERENCES tree(id)

select constraint_schema, constraint_name, unique_constraint_schema, unique_constraint_name, match_option, update_rule, delete_rule from information_schema.referential_constraints order by constraint_name
---
constraint_schema | constraint_name | unique_constraint_schema | unique_constraint_name | match_option | update_rule | delete_rule
public | c_id_fkey | public | p_pkey | NONE | NO ACTION | SET NULL
public | many | public | p_b_a_key | FULL | CASCADE | RESTRICT
public | tree_parent_fkey | public | tree_pkey | NONE | NO ACTION | NO ACTION

select table_name, constraint_name, constraint_type, is_deferrable from information_schema.table_constraints where table_name = 'c' order by constraint_name
---
table_name | constraint_name | constraint_type | is_deferrable
c | c_id_fkey | FOREIGN KEY | NO
c | many | FOREIGN KEY | NO

select constraint_name, table_name, column_name, ordinal_position, position_in_unique_constraint from information_schema.key_column_usage where table_name = 'c' order by 1, 2, 3
---
constraint_name | table_name | column_name | ordinal_position | position_in_unique_constraint
c_id_fkey | c | id | 1 | 1
many | c | x | 1 | 2
many | c | y | 2 | 1

select constraint_name, table_name, column_name from information_schema.constraint_column_usage where table_name = 'p' order by 1, 2, 3
---
constraint_name | table_name | column_name
c_id_fkey | p | id
many | p | a
many | p | b
p_b_a_key | p | a
p_b_a_key | p | b
p_pkey | p | id

select relname, relhastriggers from pg_class where relname in ('p', 'c') order by 1
---
relname | relhastriggers
c | t
p | t

# As psql's \d asks.
select conname, conrelid::regclass as ontable, pg_get_constraintdef(oid, true) as condef from pg_constraint c where confrelid in (select pg_partition_ancestors('p'::regclass) union all values ('p'::regclass)) and contype = 'f' and conparentid = 0 order by conname
---
conname | ontable | condef
c_id_fkey | c | FOREIGN KEY (id) REFERENCES p(id) ON DELETE SET NULL (id)
many | c | FOREIGN KEY (x, y) REFERENCES p(a, b) MATCH FULL ON UPDATE CASCADE ON DELETE RESTRICT

comment on constraint many on c is 'a pair'
---
ok 0

select obj_description(oid, 'pg_constraint') from pg_constraint where conname = 'many'
---
obj_description
a pair

create table l (like c including all)
---
ok 0

insert into l values (77, 7, null)
---
ok 1

drop table c, p, l
---
ok 0
