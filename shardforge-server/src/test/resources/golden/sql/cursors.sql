create table n (i int primary key, t text)
---
ok 0

insert into n select g, 't' || g from generate_series(1, 6) as x(g)
---
ok 6

declare c cursor for select 1
---
ERROR 25P01: DECLARE CURSOR can only be used in transaction blocks

begin
---
ok 0

declare c scroll cursor for select i, t from n order by i
---
ok 0

fetch c
---
i | t
1 | t1

fetch 2 from c
---
i | t
2 | t2
3 | t3

fetch backward 2 from c
---
i | t
2 | t2
1 | t1

fetch prior in c
---
i | t

fetch prior in c
---
i | t

fetch next from c
---
i | t
1 | t1

fetch last from c
---
i | t
6 | t6

fetch next from c
---
i | t

fetch next from c
---
i | t

fetch prior from c
---
i | t
6 | t6

fetch first from c
---
i | t
1 | t1

fetch absolute 4 from c
---
i | t
4 | t4

fetch absolute -2 from c
---
i | t
5 | t5

fetch absolute 20 from c
---
i | t

fetch absolute 0 from c
---
i | t

fetch relative 3 from c
---
i | t
3 | t3

fetch relative -1 from c
---
i | t
2 | t2

fetch relative 0 from c
---
i | t
2 | t2

fetch forward 0 from c
---
i | t
2 | t2

fetch all from c
---
i | t
3 | t3
4 | t4
5 | t5
6 | t6

fetch backward all from c
---
i | t
6 | t6
5 | t5
4 | t4
3 | t3
2 | t2
1 | t1

fetch forward all from c
---
i | t
1 | t1
2 | t2
3 | t3
4 | t4
5 | t5
6 | t6

fetch forward -2 from c
---
i | t
6 | t6
5 | t5

move absolute 2 from c
---
ok 1

fetch c
---
i | t
3 | t3

move 2 from c
---
ok 2

fetch c
---
i | t
6 | t6

move forward all in c
---
ok 0

move backward 3 in c
---
ok 3

fetch c
---
i | t
5 | t5

close c
---
ok 0

fetch c
---
ERROR 34000: cursor "c" does not exist

rollback
---
ok 0

begin
---
ok 0

declare c no scroll cursor for select i from n order by i
---
ok 0

fetch 2 from c
---
i
1
2

fetch absolute 4 from c
---
i
4

fetch relative 1 from c
---
i
5

savepoint s
---
ok 0

fetch prior from c
---
ERROR 55000: cursor can only scan forward
hint Declare it with SCROLL option to enable backward scan.

rollback to s
---
ok 0

fetch c
---
ERROR 55000: portal "c" cannot be run

fetch c
---
ERROR 25P02: current transaction is aborted, commands ignored until end of transaction block

rollback
---
ok 0

begin
---
ok 0

declare c cursor for select i from n order by i
---
ok 0

declare c cursor for select 1
---
ERROR 42P03: cursor "c" already exists

rollback
---
ok 0

begin
---
ok 0

declare a cursor for select 'a'
---
ok 0

savepoint s
---
ok 0

declare b cursor for select 'b'
---
ok 0

declare e cursor for select 'e'
---
ok 0

rollback to s
---
ok 0

fetch a
---
?column?
a

savepoint t
---
ok 0

declare f cursor for select 'f'
---
ok 0

release t
---
ok 0

fetch f
---
?column?
f

rollback to s
---
ok 0

select name from pg_cursors order by name
---
name
a

fetch f
---
ERROR 34000: cursor "f" does not exist

commit
---
ok 0

begin
---
ok 0

declare h cursor with hold for select i from n order by i
---
ok 0

declare l cursor for select i from n order by i
---
ok 0

insert into n values (7, 'seven')
---
ok 1

fetch 1 from h
---
i
1

select name, statement, is_holdable, is_binary, is_scrollable from pg_cursors order by name
---
name | statement | is_holdable | is_binary | is_scrollable
h | declare h cursor with hold for select i from n order by i | t | f | t
l | declare l cursor for select i from n order by i | f | f | t

commit
---
ok 0

select name from pg_cursors order by name
---
name
h

fetch all from h
---
i
2
3
4
5
6

delete from n
---
ok 7

fetch backward 3 from h
---
i
6
5
4

close h
---
ok 0

close h
---
ERROR 34000: cursor "h" does not exist

begin
---
ok 0

declare h cursor with hold for select 1 as one
---
ok 0

rollback
---
ok 0

fetch h
---
ERROR 34000: cursor "h" does not exist

declare w cursor with hold for select i from generate_series(1, 3) as g(i)
---
ok 0

fetch 2 from w
---
i
1
2

begin
---
ok 0

rollback
---
ok 0

fetch 2 from w
---
i
3

close all
---
ok 0

select count(*) from pg_cursors
---
count
0

begin
---
ok 0

declare u scroll cursor for select i from n for update
---
ERROR 0A000: DECLARE SCROLL CURSOR ... FOR UPDATE is not supported
detail Scrollable cursors must be READ ONLY.

rollback
---
ok 0

begin
---
ok 0

declare u cursor with hold for select i from n for update
---
ERROR 0A000: DECLARE CURSOR WITH HOLD ... FOR UPDATE is not supported
detail Holdable cursors must be READ ONLY.

rollback
---
ok 0

begin
---
ok 0

declare u cursor for with x as (insert into n values (9) returning i) select * from x
---
ERROR 0A000: DECLARE CURSOR must not contain data-modifying statements in WITH

rollback
---
ok 0

begin
---
ok 0

declare u cursor for select nothing from n
---
ERROR 42703: column "nothing" does not exist
at 29

rollback
---
ok 0

close nothing
---
ERROR 34000: cursor "nothing" does not exist

move nothing
---
ERROR 34000: cursor "nothing" does not exist

declare x cursor with hold for select 1/0
---
ERROR 22012: division by zero

fetch x
---
ERROR 34000: cursor "x" does not exist

drop table n
---
ok 0
