create table acc (id int primary key, bal int)
---
ok 0

insert into acc values (1,100),(2,200)
---
ok 2

begin
---
ok 0

update acc set bal = bal - 10 where id = 1
---
ok 1

two:> select bal from acc where id = 1
---
bal
100

select bal from acc where id = 1
---
bal
90

rollback
---
ok 0

select bal from acc where id = 1
---
bal
100

begin
---
ok 0

savepoint s1
---
ok 0

insert into acc values (3,300)
---
ok 1

savepoint s2
---
ok 0

insert into acc values (3,301)
---
ERROR 23505: duplicate key value violates unique constraint "acc_pkey"
detail Key (id)=(3) already exists.

select 1
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

rollback to s2
---
ok 0

select * from acc order by id
---
id | bal
1 | 100
2 | 200
3 | 300

rollback to s1
---
ok 0

select count(*) from acc
---
count
2

release s1
---
ok 0

commit
---
ok 0

commit
---
notice there is no transaction in progress
ok 0

begin
---
ok 0

begin
---
notice there is already a transaction in progress
ok 0

insert into acc values (1,1)
---
ERROR 23505: duplicate key value violates unique constraint "acc_pkey"
detail Key (id)=(1) already exists.

commit
---
ok 0

select count(*) from acc
---
count
2

savepoint x
---
ERROR 25P01: SAVEPOINT can only be used in transaction blocks

begin isolation level repeatable read
---
ok 0

select sum(bal) from acc
---
sum
300

two:> update acc set bal = 500 where id = 2
---
ok 1

select sum(bal) from acc
---
sum
300

update acc set bal = bal + 1 where id = 2
---
ERROR 40001: could not serialize access due to concurrent update
detail The conflict was in relation "acc".
hint The transaction might succeed if retried.

rollback
---
ok 0

begin transaction read only
---
ok 0

insert into acc values (7,7)
---
ERROR 25006: cannot execute INSERT in a read-only transaction

rollback
---
ok 0

begin isolation level serializable
---
ok 0

show transaction_isolation
---
transaction_isolation
serializable

rollback
---
ok 0

set session characteristics as transaction isolation level repeatable read
---
ok 0

show default_transaction_isolation
---
default_transaction_isolation
repeatable read

reset default_transaction_isolation
---
ok 0

begin
---
ok 0

select * from acc where id = 1 for update
---
id | bal
1 | 100

two:> select * from acc where id = 1 for update nowait
---
ERROR 55P03: could not obtain lock on row in relation "acc"

two:> select * from acc order by id for update skip locked
---
id | bal
2 | 500

two:> set lock_timeout = '50ms'
---
ok 0

two:> update acc set bal = 0 where id = 1
---
ERROR 55P03: canceling statement due to lock timeout

rollback
---
ok 0

insert into acc values (8,8); insert into acc values (8,9)
---
ERROR 23505: duplicate key value violates unique constraint "acc_pkey"
detail Key (id)=(8) already exists.

select count(*) from acc where id = 8
---
count
0

prepare p(int) as select bal from acc where id = $1
---
ok 0

execute p(2)
---
bal
500

execute p
---
ERROR 42601: wrong number of parameters for prepared statement "p"
detail Expected 1 parameters but got 0.

deallocate p
---
ok 0

execute p(2)
---
ERROR 26000: prepared statement "p" does not exist

set statement_timeout = 100
---
ok 0

select pg_sleep(5)
---
ERROR 57014: canceling statement due to statement timeout

reset statement_timeout
---
ok 0

show nosuch
---
ERROR 42704: unrecognized configuration parameter "nosuch"

set nosuch = 1
---
ERROR 42704: unrecognized configuration parameter "nosuch"

drop table acc
---
ok 0

select now() = statement_timestamp() as one, clock_timestamp() >= now() as later, now() = transaction_timestamp() as same
---
one | later | same
t | t | t

begin
---
ok 0

select now() = transaction_timestamp() as same, now() <= statement_timestamp() as later
---
same | later
t | t

commit
---
ok 0
