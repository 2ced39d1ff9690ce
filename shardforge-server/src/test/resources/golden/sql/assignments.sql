create table as_ma (k int primary key, a int, b text, c numeric)
---
ok 0

insert into as_ma select i, i*10, 'b' || i, i/2.0 from generate_series(1,4) i
---
ok 4

create table as_mb (k int, x int, y text)
---
ok 0

insert into as_mb values (1, 100, 'one'), (2, 200, 'two'), (2, 201, 'zwei'), (3, null, 'three')
---
ok 4

with u as (update as_ma set (a, b) = (select x, y from as_mb where as_mb.k = as_ma.k) where k <> 2 returning *) select * from u order by k
---
k | a | b | c
1 | 100 | one | 0.50000000000000000000
3 | NULL | three | 1.5000000000000000
4 | NULL | NULL | 2.0000000000000000

update as_ma set (a, b) = (select x, y from as_mb where as_mb.k = as_ma.k) where k = 2
---
ERROR 21000: more than one row returned by a subquery used as an expression

with u as (update as_ma set (a, b) = (select x, y from as_mb where as_mb.k = as_ma.k order by x desc limit 1), c = 9 where k = 2 returning *) select * from u order by k
---
k | a | b | c
2 | 201 | zwei | 9

with u as (update as_ma set (b, a) = (select y, max(x) from as_mb group by y order by 2 nulls first, 1 limit 1) where k = 1 returning *) select * from u order by k
---
k | a | b | c
1 | NULL | three | 0.50000000000000000000

update as_ma set (a, b, c) = (select x, y from as_mb limit 1)
---
ERROR 42601: number of columns does not match number of values
at 30

update as_ma set (a, b) = (select 1, 2, 3)
---
ERROR 42601: number of columns does not match number of values
at 27

with u as (update as_ma set (a, c) = (select sum(x), avg(x) from as_mb) returning *) select * from u order by k
---
k | a | b | c
1 | 501 | three | 167.0000000000000000
2 | 501 | zwei | 167.0000000000000000
3 | 501 | three | 167.0000000000000000
4 | 501 | NULL | 167.0000000000000000

with u as (update as_ma set (a, b) = (select k, 5) returning *) select * from u order by k
---
k | a | b | c
1 | 1 | 5 | 167.0000000000000000
2 | 2 | 5 | 167.0000000000000000
3 | 3 | 5 | 167.0000000000000000
4 | 4 | 5 | 167.0000000000000000

with u as (update as_ma set (a, c) = row((select 5), (select 6)) where k = 1 returning *) select * from u order by k
---
k | a | b | c
1 | 5 | 5 | 6

update as_ma m set (a, b) = (select as_mb.x, as_mb.y || m.k from as_mb where as_mb.k = o.k limit 1) from as_mb o where o.k = m.k and o.k = 3 returning m.*, o.*
---
k | a | b | c | k | x | y
3 | NULL | three3 | 167.0000000000000000 | 3 | NULL | three

insert into as_ma values (1, 1, 'x', 1) on conflict (k) do update set (a, b) = (select excluded.a + 1000, as_ma.b || excluded.b) returning *
---
k | a | b | c
1 | 1001 | 5x | 6

merge into as_ma using as_mb on as_ma.k = as_mb.k and as_mb.y <> 'zwei' when matched then update set (a, b) = (select as_mb.x + 1, 'm' || as_ma.k)
---
ok 3

select * from as_ma order by k
---
k | a | b | c
1 | 101 | m1 | 6
2 | 201 | m2 | 167.0000000000000000
3 | NULL | m3 | 167.0000000000000000
4 | 4 | 5 | 167.0000000000000000

update as_ma set (a, a) = (select 1, 2)
---
ERROR 42601: multiple assignments to same column "a"

drop table as_ma, as_mb
---
ok 0

create table up (a int, b int, c text)
---
ok 0

insert into up values (1, 2, 'x'), (3, 4, 'y')
---
ok 2

update up set (a, b) = row(v.*) from (values (3, 100)) v (i, j) where up.a = v.i
---
ok 1

update up set (a, b, c) = (v.*) from (values (1, 101, 'z')) v (i, j, k) where up.a = v.i
---
ERROR 0A000: source for a multiple-column UPDATE item must be a sub-SELECT or ROW() expression
at 28

update up set (b, a, c) = row(v.*, 'q') from (values (101, 7)) v (i, j) where up.b = v.i
---
ok 0

update up set (a, b) = row(v.*) from (values (3, 100, 5)) v (i, j, k) where up.a = v.i
---
ERROR 42601: number of columns does not match number of values
at 24

update up set (a, b) = row(up.*)
---
ERROR 42601: number of columns does not match number of values
at 24

update up set (a, b, c) = row(up.*) where a = 3
---
ok 1

select * from up order by a
---
a | b | c
1 | 2 | x
3 | 100 | y

drop table up
---
ok 0
