# Read-only and deferrable transactions, and savepoints within them.
create table t (a int)
---
ok 0

begin
---
ok 0

savepoint x
---
ok 0

set transaction read only
---
ok 0

drop table t
---
ERROR 25006: cannot execute DROP TABLE in a read-only transaction

rollback to savepoint x
---
ok 0

show transaction_read_only
---
transaction_read_only
off

insert into t values (1)
---
ok 1

set transaction read only
---
ok 0

release savepoint x
---
ok 0

show transaction_read_only
---
transaction_read_only
off

select count(*) from t
---
count
1

set transaction read only
---
ok 0

set transaction read write
---
ERROR 25001: transaction read-write mode must be set before any query

rollback
---
ok 0

begin read only
---
ok 0

savepoint x
---
ok 0

set transaction read write
---
ERROR 25001: cannot set transaction read-write mode inside a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

create table u (a int)
---
ERROR 25006: cannot execute CREATE TABLE in a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

create table u as select 1
---
ERROR 25006: cannot execute CREATE TABLE AS in a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

truncate t
---
ERROR 25006: cannot execute TRUNCATE TABLE in a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

grant select on t to public
---
ERROR 25006: cannot execute GRANT in a read-only transaction

rollback
---
ok 0

begin read only
---
ok 0

alter table t rename to u
---
ERROR 25006: cannot execute ALTER TABLE in a read-only transaction

rollback
---
ok 0

begin isolation level serializable, read only, deferrable
---
ok 0

show transaction_deferrable
---
transaction_deferrable
on

commit
---
ok 0

begin
---
ok 0

set transaction deferrable
---
ok 0

show transaction_deferrable
---
transaction_deferrable
on

select 1
---
?column?
1

set transaction not deferrable
---
ERROR 25001: SET TRANSACTION [NOT] DEFERRABLE must be called before any query

rollback
---
ok 0

begin
---
ok 0

savepoint x
---
ok 0

set transaction isolation level serializable
---
ERROR 25001: SET TRANSACTION ISOLATION LEVEL must not be called in a subtransaction

rollback
---
ok 0

begin
---
ok 0

savepoint x
---
ok 0

set transaction deferrable
---
ERROR 25001: SET TRANSACTION [NOT] DEFERRABLE cannot be called within a subtransaction

rollback
---
ok 0

set default_transaction_deferrable = on
---
ok 0

show transaction_deferrable
---
transaction_deferrable
on

begin
---
ok 0

show transaction_deferrable
---
transaction_deferrable
on

commit
---
ok 0

reset default_transaction_deferrable
---
ok 0

drop table t
---
ok 0
