create table t (a int primary key, b text)
---
ok 0

insert into t select g, 'v'||g from generate_series(1,6) g
---
ok 6

create table h as select * from t
---
ok 6

create table k2 (x text, y date, primary key (x,y))
---
ok 0

insert into k2 values ('a','2024-01-01'),('b','2024-01-02')
---
ok 2

begin
---
ok 0

declare c cursor for select b from t
---
ok 0

update t set b = 'n' where current of c
---
ERROR 24000: cursor "c" is not positioned on a row

fetch 2 from c
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

update t set b = 'new' where current of c returning *
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

update t set b = 'new2' where current of c returning *
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

delete from t where current of c returning *
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

delete from t where current of c returning *
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

move 2 in c
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

delete from t where current of c returning *
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

fetch all from c
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

update t set b = 'x' where current of c
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

select * from t order by a
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select y from k2 where x > 'a'
---
ok 0

fetch d
---
y
2024-01-02

update k2 set x = 'zz' where current of d
---
ok 1

select * from k2
---
x | y
a | 2024-01-01
zz | 2024-01-02

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select * from h where a > 2 limit 2
---
ok 0

fetch d
---
a | b
3 | v3

update h set b = 'zz' where current of d
---
ok 1

select * from h order by a
---
a | b
1 | v1
2 | v2
3 | zz
4 | v4
5 | v5
6 | v6

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select t.b, h.b from t join h using (a) order by h.a for update of h
---
ok 0

fetch d
---
b | b
v1 | v1

update h set b = 'zz' where current of d returning *
---
a | b
1 | zz

update t set b = '3' where current of d
---
ERROR 24000: cursor "d" does not have a FOR UPDATE/SHARE reference to table "t"

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select t.b, h.b from t join h using (a) order by h.a for update
---
ok 0

fetch d
---
b | b
v1 | v1

update h set b = 'zz' where current of d returning *
---
a | b
1 | zz

update t set b = '3' where current of d returning *
---
a | b
1 | 3

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select t.b from t join t u using (a) order by t.a for update
---
ok 0

fetch d
---
b
v1

update t set b = '3' where current of d returning *
---
ERROR 24000: cursor "d" has multiple FOR UPDATE/SHARE references to table "t"

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select t.b from t join h using (a)
---
ok 0

fetch d
---
b
v1

update t set b = '3' where current of d returning *
---
ERROR 24000: cursor "d" is not a simply updatable scan of table "t"

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select b from t order by b
---
ok 0

fetch d
---
b
v1

update t set b = '3' where current of d returning *
---
ERROR 24000: cursor "d" is not a simply updatable scan of table "t"

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select count(*) from t
---
ok 0

fetch d
---
count
6

update t set b = '3' where current of d returning *
---
ERROR 24000: cursor "d" is not a simply updatable scan of table "t"

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select b from t
---
ok 0

fetch d
---
b
v1

update h set b = '3' where current of d returning *
---
ERROR 24000: cursor "d" is not a simply updatable scan of table "h"

rollback
---
ok 0

begin
---
ok 0

update h set b = '3' where current of nope returning *
---
ERROR 34000: cursor "nope" does not exist

rollback
---
ok 0

begin
---
ok 0

declare d cursor with hold for select * from h
---
ok 0

fetch d
---
a | b
1 | v1

commit
---
ok 0

update h set b = 'zz' where current of d
---
ERROR 24000: cursor "d" is held from a previous transaction

close d
---
ok 0

create view v as select a, b from t where a > 1
---
ok 0

begin
---
ok 0

declare d cursor for select b from v
---
ok 0

fetch d
---
b
v2

update t set b = '3' where current of d returning *
---
a | b
2 | 3

update v set b = '3' where current of d returning *
---
ERROR 0A000: WHERE CURRENT OF on a view is not implemented

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select b from h for update
---
ok 0

fetch d
---
b
v1

update h set b = t.b || 's' from t where current of d and t.a=h.a
---
ERROR 42601: syntax error at or near "and"
at 55

rollback
---
ok 0

begin
---
ok 0

declare d cursor for select b from h for update
---
ok 0

fetch 3 from d
---
b
v1
v2
v3

update h set b = t.b || 's' from t where current of d
---
ok 1

rollback
---
ok 0

begin
---
ok 0

prepare p as update h set b = 'prep' where current of d returning *
---
ok 0

declare d cursor for select b from h where a in (3,4)
---
ok 0

fetch d
---
b
v3

execute p
---
a | b
3 | prep

fetch d
---
b
v4

execute p
---
a | b
4 | prep

rollback
---
ok 0

select * from t where current of d
---
ERROR 42601: syntax error at or near "of"
at 31

drop table t, h, k2 cascade
---
notice drop cascades to view v
ok 0

deallocate p
---
ok 0
