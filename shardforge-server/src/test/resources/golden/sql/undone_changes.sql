create table undone (a int)
---
ok 0

begin
---
ok 0

insert into undone values (1)
---
ok 1

savepoint before_drop
---
ok 0

drop table undone
---
ok 0

rollback to before_drop
---
ok 0

insert into undone values (2)
---
ok 1

commit
---
ok 0

select * from undone order by a
---
a
1
2

drop table undone
---
ok 0

create table undone (a int)
---
ok 0

begin
---
ok 0

savepoint before_drop
---
ok 0

drop table undone
---
ok 0

rollback to before_drop
---
ok 0

commit
---
ok 0

truncate undone
---
ok 0

alter table undone add b int
---
ok 0

drop table undone
---
ok 0
