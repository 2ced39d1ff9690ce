# Several statements in one string: one transaction, which COMMIT and ROLLBACK within it end, though with a warning.
create table ss (a int)
---
ok 0

insert into ss values (1); commit; insert into ss values (2); select 1 / 0
---
ERROR 22012: division by zero

select * from ss order by a
---
a
1

insert into ss values (3); rollback; insert into ss values (4)
---
notice there is no transaction in progress
ok 1
ok 0
ok 1

insert into ss values (5); commit; insert into ss values (6); rollback; select 3 as three
---
notice there is no transaction in progress
notice there is no transaction in progress
ok 1
ok 0
ok 1
ok 0
three
3

select * from ss order by a
---
a
1
4
5

insert into ss values (7); begin; insert into ss values (8); rollback; insert into ss values (9)
---
ok 1
ok 0
ok 1
ok 0
ok 1

select * from ss order by a
---
a
1
4
5
9

create table made (a int); commit; drop table made; rollback
---
notice there is no transaction in progress
notice there is no transaction in progress
ok 0
ok 0
ok 0
ok 0

select count(*) from made
---
count
0

drop table made
---
ok 0

set application_name = 'one'; commit; set application_name = 'two'; select 1 / 0
---
ERROR 22012: division by zero

show application_name
---
application_name
one

set application_name = 'three'; rollback; select 1 as one
---
notice there is no transaction in progress
ok 0
ok 0
one
1

show application_name
---
application_name
one

set local application_name = 'four'; show application_name
---
ok 0
application_name
four

show application_name
---
application_name
one

set transaction isolation level serializable; show transaction_isolation; insert into ss values (10)
---
ok 0
transaction_isolation
serializable
ok 1

show transaction_isolation
---
transaction_isolation
read committed

set transaction read only; insert into ss values (11)
---
ERROR 25006: cannot execute INSERT in a read-only transaction

set transaction read only; commit and chain
---
ERROR 25P01: COMMIT AND CHAIN can only be used in transaction blocks

insert into ss values (12); rollback and chain
---
ERROR 25P01: ROLLBACK AND CHAIN can only be used in transaction blocks

insert into ss values (13); savepoint s; insert into ss values (14)
---
ERROR 25P01: SAVEPOINT can only be used in transaction blocks

insert into ss values (15); begin isolation level serializable; commit
---
ERROR 25001: SET TRANSACTION ISOLATION LEVEL must be called before any query

select * from ss where a > 9 order by a
---
a
10

declare c cursor with hold for select a from ss order by a; commit; fetch c
---
notice there is no transaction in progress
ok 0
ok 0
a
1

fetch c
---
a
4

close c
---
ok 0

reset application_name
---
ok 0

drop table ss
---
ok 0

begin
---
ok 0

declare c cursor for select 1
---
ok 0

select statement from pg_cursors
---
statement
declare c cursor for select 1

commit
---
ok 0
