create table p (id int primary key, v int)
---
ok 0

create table c (id int primary key, pid int constraint c_p references p deferrable initially deferred)
---
ok 0

begin
---
ok 0

insert into c values (1, 1)
---
ok 1

insert into p values (1, 0)
---
ok 1

commit
---
ok 0

select * from c
---
id | pid
1 | 1

begin
---
ok 0

insert into c values (2, 2)
---
ok 1

select count(*) from c
---
count
2

commit
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(2) is not present in table "p".

select * from c
---
id | pid
1 | 1

insert into c values (2, 2)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(2) is not present in table "p".

delete from p where id = 1
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_p" on table "c"
detail Key (id)=(1) is still referenced from table "c".

begin
---
ok 0

delete from p where id = 1
---
ok 1

insert into p values (1, 5)
---
ok 1

commit
---
ok 0

begin
---
ok 0

delete from p where id = 1
---
ok 1

commit
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_p" on table "c"
detail Key (id)=(1) is still referenced from table "c".

begin
---
ok 0

update p set id = 9 where id = 1
---
ok 1

update c set pid = 9
---
ok 1

commit
---
ok 0

select * from p, c
---
id | v | id | pid
9 | 5 | 1 | 9

begin
---
ok 0

delete from p
---
ok 1

delete from c
---
ok 1

commit
---
ok 0

select count(*) from p
---
count
0

begin
---
ok 0

insert into c values (3, 3)
---
ok 1

delete from c where id = 3
---
ok 1

commit
---
ok 0

begin
---
ok 0

insert into c values (3, 3)
---
ok 1

update c set pid = null where id = 3
---
ok 1

commit
---
ok 0

select * from c
---
id | pid
3 | NULL

delete from c
---
ok 1

begin
---
ok 0

set constraints all immediate
---
ok 0

insert into c values (3, 3)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(3) is not present in table "p".

rollback
---
ok 0

begin
---
ok 0

set constraints c_p immediate
---
ok 0

insert into c values (3, 3)
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(3) is not present in table "p".

rollback
---
ok 0

begin
---
ok 0

insert into c values (3, 3)
---
ok 1

set constraints c_p immediate
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(3) is not present in table "p".

commit
---
ok 0

begin
---
ok 0

insert into c values (3, 3)
---
ok 1

insert into p values (3, 3)
---
ok 1

set constraints public.c_p immediate
---
ok 0

delete from p where id = 3
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "c_p" on table "c"
detail Key (id)=(3) is still referenced from table "c".

commit
---
ok 0

begin
---
ok 0

set constraints all immediate
---
ok 0

set constraints c_p deferred
---
ok 0

insert into c values (4, 4)
---
ok 1

set constraints all deferred
---
ok 0

insert into p values (4, 4)
---
ok 1

commit
---
ok 0

select * from c
---
id | pid
4 | 4

set constraints all deferred
---
notice SET CONSTRAINTS can only be used in transaction blocks
ok 0

set constraints all immediate
---
notice SET CONSTRAINTS can only be used in transaction blocks
ok 0

begin
---
ok 0

set constraints nothing deferred
---
ERROR 42704: constraint "nothing" does not exist

rollback
---
ok 0

begin
---
ok 0

set constraints nowhere.c_p deferred
---
ERROR 3F000: schema "nowhere" does not exist

rollback
---
ok 0

begin
---
ok 0

set constraints p_pkey deferred
---
ERROR 42809: constraint "p_pkey" is not deferrable

rollback
---
ok 0

begin
---
ok 0

set constraints p_pkey immediate
---
ok 0

rollback
---
ok 0

begin
---
ok 0

savepoint s
---
ok 0

insert into c values (5, 5)
---
ok 1

rollback to s
---
ok 0

commit
---
ok 0

begin
---
ok 0

insert into c values (5, 5)
---
ok 1

savepoint s
---
ok 0

set constraints all immediate
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(5) is not present in table "p".

rollback to s
---
ok 0

insert into p values (5, 5)
---
ok 1

commit
---
ok 0

begin
---
ok 0

insert into c values (6, 6)
---
ok 1

savepoint s
---
ok 0

insert into p values (6, 6)
---
ok 1

set constraints all immediate
---
ok 0

rollback to s
---
ok 0

commit
---
ERROR 23503: insert or update on table "c" violates foreign key constraint "c_p"
detail Key (pid)=(6) is not present in table "p".

begin
---
ok 0

savepoint s
---
ok 0

set constraints all immediate
---
ok 0

rollback to s
---
ok 0

insert into c values (6, 6)
---
ok 1

insert into p values (6, 6)
---
ok 1

commit
---
ok 0

select * from c order by id
---
id | pid
4 | 4
5 | 5
6 | 6

create table d (id int, pid int references p on delete restrict deferrable)
---
ok 0

insert into d values (1, 77)
---
ERROR 23503: insert or update on table "d" violates foreign key constraint "d_pid_fkey"
detail Key (pid)=(77) is not present in table "p".

begin
---
ok 0

insert into d values (1, 77)
---
ERROR 23503: insert or update on table "d" violates foreign key constraint "d_pid_fkey"
detail Key (pid)=(77) is not present in table "p".

rollback
---
ok 0

begin
---
ok 0

set constraints all deferred
---
ok 0

insert into d values (1, 77)
---
ok 1

insert into p values (77, 7)
---
ok 1

commit
---
ok 0

begin
---
ok 0

set constraints all deferred
---
ok 0

delete from p where id = 77
---
ERROR 23503: update or delete on table "p" violates foreign key constraint "d_pid_fkey" on table "d"
detail Key (id)=(77) is still referenced from table "d".

rollback
---
ok 0

create table e (id int, pid int references p on delete cascade on update set null initially deferred)
---
ok 0

insert into e values (1, 5), (2, 4)
---
ok 2

begin
---
ok 0

delete from c where pid = 5
---
ok 1

delete from p where id = 5
---
ok 1

select * from e
---
id | pid
2 | 4

commit
---
ok 0

create table f (id int, pid int default 100 references p on delete set default deferrable initially deferred)
---
ok 0

insert into f values (1, 6)
---
ok 1

begin
---
ok 0

delete from c where pid = 6
---
ok 1

delete from p where id = 6
---
ok 1

select * from f
---
id | pid
1 | 100

insert into p values (100, 1)
---
ok 1

commit
---
ok 0

select * from f
---
id | pid
1 | 100

begin
---
ok 0

insert into c values (10, 10)
---
ok 1

alter table c add column x int
---
ERROR 55006: cannot ALTER TABLE "c" because it has pending trigger events

rollback
---
ok 0

begin
---
ok 0

insert into c values (10, 10)
---
ok 1

drop table c
---
ERROR 55006: cannot DROP TABLE "c" because it has pending trigger events

rollback
---
ok 0

begin
---
ok 0

insert into c values (10, 10)
---
ok 1

truncate c
---
ERROR 55006: cannot TRUNCATE "c" because it has pending trigger events

rollback
---
ok 0

create table tree (id int primary key, up int references tree deferrable initially deferred)
---
ok 0

begin
---
ok 0

insert into tree values (1, 2), (2, 3), (3, 1)
---
ok 3

commit
---
ok 0

begin
---
ok 0

delete from tree where id = 1
---
ok 1

commit
---
ERROR 23503: update or delete on table "tree" violates foreign key constraint "tree_up_fkey" on table "tree"
detail Key (id)=(1) is still referenced from table "tree".

delete from tree
---
ok 3

select count(*) from tree
---
count
0

create table x (a int references p deferrable deferrable)
---
ERROR 42601: multiple DEFERRABLE/NOT DEFERRABLE clauses not allowed
at 47

create table x (a int references p not deferrable initially deferred)
---
ERROR 42601: constraint declared INITIALLY DEFERRED must be DEFERRABLE
at 51

create table x (a int references p initially deferred not deferrable)
---
ERROR 42601: constraint declared INITIALLY DEFERRED must be DEFERRABLE
at 55

create table x (a int deferrable)
---
ERROR 42601: misplaced DEFERRABLE clause
at 23

create table x (a int initially deferred references p)
---
ERROR 42601: misplaced INITIALLY DEFERRED clause
at 23

create table x (a int references p initially immediate initially immediate)
---
ERROR 42601: multiple INITIALLY IMMEDIATE/DEFERRED clauses not allowed
at 56

create table x (a int not null initially immediate)
---
ERROR 42601: misplaced INITIALLY IMMEDIATE clause
at 32

create table x (a int, foreign key (a) references p not deferrable initially deferred)
---
ERROR 42601: constraint declared INITIALLY DEFERRED must be DEFERRABLE
at 68

create table x (a int references p not deferrable initially immediate, b int references p deferrable initially immediate, c int references p initially immediate deferrable)
---
ok 0

create table y (a int, constraint y1 foreign key (a) references p initially deferred, constraint y2 check (a > 0))
---
ok 0

select conname, condeferrable, condeferred, convalidated, pg_get_constraintdef(oid) from pg_constraint where contype = 'f' order by conrelid::regclass::text, conname
---
conname | condeferrable | condeferred | convalidated | pg_get_constraintdef
c_p | t | t | t | FOREIGN KEY (pid) REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED
d_pid_fkey | t | f | t | FOREIGN KEY (pid) REFERENCES p(id) ON DELETE RESTRICT DEFERRABLE
e_pid_fkey | t | t | t | FOREIGN KEY (pid) REFERENCES p(id) ON UPDATE SET NULL ON DELETE CASCADE DEFERRABLE INITIALLY DEFERRED
f_pid_fkey | t | t | t | FOREIGN KEY (pid) REFERENCES p(id) ON DELETE SET DEFAULT DEFERRABLE INITIALLY DEFERRED
tree_up_fkey | t | t | t | FOREIGN KEY (up) REFERENCES tree(id) DEFERRABLE INITIALLY DEFERRED
x_a_fkey | f | f | t | FOREIGN KEY (a) REFERENCES p(id)
x_b_fkey | t | f | t | FOREIGN KEY (b) REFERENCES p(id) DEFERRABLE
x_c_fkey | t | f | t | FOREIGN KEY (c) REFERENCES p(id) DEFERRABLE
y1 | t | t | t | FOREIGN KEY (a) REFERENCES p(id) DEFERRABLE INITIALLY DEFERRED

select constraint_name, is_deferrable, initially_deferred from information_schema.table_constraints where constraint_type = 'FOREIGN KEY' order by 1
---
constraint_name | is_deferrable | initially_deferred
c_p | YES | YES
d_pid_fkey | YES | NO
e_pid_fkey | YES | YES
f_pid_fkey | YES | YES
tree_up_fkey | YES | YES
x_a_fkey | NO | NO
x_b_fkey | YES | NO
x_c_fkey | YES | NO
y1 | YES | YES

alter table y alter constraint y1 not deferrable
---
ok 0

select pg_get_constraintdef(oid) from pg_constraint where conname = 'y1'
---
pg_get_constraintdef
FOREIGN KEY (a) REFERENCES p(id)

alter table y alter constraint y1 deferrable initially immediate
---
ok 0

select pg_get_constraintdef(oid) from pg_constraint where conname = 'y1'
---
pg_get_constraintdef
FOREIGN KEY (a) REFERENCES p(id) DEFERRABLE

alter table y alter constraint y2 deferrable
---
ERROR 42809: constraint "y2" of relation "y" is not a foreign key constraint

alter table y alter constraint y3 deferrable
---
ERROR 42704: constraint "y3" of relation "y" does not exist

create table v (id int primary key, pid int, n int)
---
ok 0

insert into v values (1, 1000, -1)
---
ok 1

alter table v add constraint vf foreign key (pid) references p not valid
---
ok 0

alter table v add constraint vc check (n > 0) not valid
---
ok 0

select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'v'::regclass order by 1
---
conname | convalidated | pg_get_constraintdef
v_pkey | t | PRIMARY KEY (id)
vc | f | CHECK ((n > 0)) NOT VALID
vf | f | FOREIGN KEY (pid) REFERENCES p(id) NOT VALID

insert into v values (2, 1001, 1)
---
ERROR 23503: insert or update on table "v" violates foreign key constraint "vf"
detail Key (pid)=(1001) is not present in table "p".

insert into v values (2, 4, -1)
---
ERROR 23514: new row for relation "v" violates check constraint "vc"
detail Failing row contains (2, 4, -1).

insert into v values (2, 4, 1)
---
ok 1

update v set n = 3 where id = 1
---
ok 1

alter table v add column w int default 7
---
ok 0

alter table v validate constraint vf
---
ERROR 23503: insert or update on table "v" violates foreign key constraint "vf"
detail Key (pid)=(1000) is not present in table "p".

alter table v validate constraint vc
---
ok 0

delete from v where id = 1
---
ok 1

alter table v validate constraint vf, validate constraint vc
---
ok 0

alter table v validate constraint vc
---
ok 0

alter table v validate constraint v_pkey
---
ERROR 42809: constraint "v_pkey" of relation "v" is not a foreign key or check constraint

alter table v validate constraint nope
---
ERROR 42704: constraint "nope" of relation "v" does not exist

select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'v'::regclass order by 1
---
conname | convalidated | pg_get_constraintdef
v_pkey | t | PRIMARY KEY (id)
vc | t | CHECK ((n > 0))
vf | t | FOREIGN KEY (pid) REFERENCES p(id)

insert into v values (3, null, -1)
---
ERROR 23514: new row for relation "v" violates check constraint "vc"
detail Failing row contains (3, null, -1, 7).

create table w (a int check (a > 0), constraint wf foreign key (a) references p not valid, constraint wc check (a > 1) not valid)
---
ok 0

select conname, convalidated, pg_get_constraintdef(oid) from pg_constraint where conrelid = 'w'::regclass order by 1
---
conname | convalidated | pg_get_constraintdef
w_a_check | t | CHECK ((a > 0))
wc | t | CHECK ((a > 1))
wf | t | FOREIGN KEY (a) REFERENCES p(id)

alter table w add column b int constraint wb references p deferrable initially deferred
---
ok 0

insert into w values (4, 99)
---
ERROR 23503: insert or update on table "w" violates foreign key constraint "wb"
detail Key (b)=(99) is not present in table "p".

create table l (like v including all)
---
ok 0

drop table p, c, d, e, f, tree, x, y, v, w, l
---
ok 0
