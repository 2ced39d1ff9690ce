create table sale (id int primary key, region text, kind text, qty int, price numeric)
---
ok 0

insert into sale values (1,'n','a',1,1.5),(2,'n','b',2,2.5),(3,'s','a',3,null),(4,'s',null,4,4),(5,null,'a',5,5),(6,'n','a',6,6)
---
ok 6

select region, kind, sum(qty), count(*), count(price) from sale group by rollup (region, kind) order by 1, 2, 3
---
region | kind | sum | count | count
n | a | 7 | 2 | 2
n | b | 2 | 1 | 1
n | NULL | 9 | 3 | 3
s | a | 3 | 1 | 0
s | NULL | 4 | 1 | 1
s | NULL | 7 | 2 | 1
NULL | a | 5 | 1 | 1
NULL | NULL | 5 | 1 | 1
NULL | NULL | 21 | 6 | 5

select region, kind, sum(qty), grouping(region), grouping(kind), grouping(region, kind) as g from sale group by cube (region, kind) order by 6, 1, 2
---
region | kind | sum | grouping | grouping | g
n | a | 7 | 0 | 0 | 0
n | b | 2 | 0 | 0 | 0
s | a | 3 | 0 | 0 | 0
s | NULL | 4 | 0 | 0 | 0
NULL | a | 5 | 0 | 0 | 0
n | NULL | 9 | 0 | 1 | 1
s | NULL | 7 | 0 | 1 | 1
NULL | NULL | 5 | 0 | 1 | 1
NULL | a | 15 | 1 | 0 | 2
NULL | b | 2 | 1 | 0 | 2
NULL | NULL | 4 | 1 | 0 | 2
NULL | NULL | 21 | 1 | 1 | 3

select region, kind, sum(qty) from sale group by grouping sets ((region), (kind), ()) order by 1, 2, 3
---
region | kind | sum
n | NULL | 9
s | NULL | 7
NULL | a | 15
NULL | b | 2
NULL | NULL | 4
NULL | NULL | 5
NULL | NULL | 21

select region, sum(qty) from sale group by grouping sets ((region), (region)) order by 1, 2
---
region | sum
n | 9
n | 9
s | 7
s | 7
NULL | 5
NULL | 5

select region, sum(qty) from sale group by distinct grouping sets ((region), (region)) order by 1, 2
---
region | sum
n | 9
s | 7
NULL | 5

select region, kind, sum(qty) from sale group by region, rollup (kind) order by 1, 2, 3
---
region | kind | sum
n | a | 7
n | b | 2
n | NULL | 9
s | a | 3
s | NULL | 4
s | NULL | 7
NULL | a | 5
NULL | NULL | 5

select region, kind, qty > 2 as many, count(*) from sale group by rollup (region, (kind, qty > 2)) order by 1, 2, 3, 4
---
region | kind | many | count
n | a | f | 1
n | a | t | 1
n | b | f | 1
n | NULL | NULL | 3
s | a | t | 1
s | NULL | t | 1
s | NULL | NULL | 2
NULL | a | t | 1
NULL | NULL | NULL | 1
NULL | NULL | NULL | 6

select region, kind, count(*) from sale group by grouping sets (rollup (region), cube (kind)) order by 1, 2, 3
---
region | kind | count
n | NULL | 3
s | NULL | 2
NULL | a | 4
NULL | b | 1
NULL | NULL | 1
NULL | NULL | 1
NULL | NULL | 6
NULL | NULL | 6

select count(*), sum(qty), max(region) from sale where id < 0 group by ()
---
count | sum | max
0 | NULL | NULL

select region, count(*), sum(qty) from sale where id < 0 group by rollup (region)
---
region | count | sum
NULL | 0 | NULL

select region, count(*), sum(qty) from sale where id < 0 group by grouping sets ((region), (), ())
---
region | count | sum
NULL | 0 | NULL
NULL | 0 | NULL

select region, count(*) from sale where id < 0 group by grouping sets ((region), (kind))
---
region | count

select 1 as one from sale group by ()
---
one
1

select region, sum(qty) from sale group by rollup (region) having sum(qty) > 6 order by 2
---
region | sum
s | 7
n | 9
NULL | 21

select region, sum(qty) from sale group by rollup (region) having grouping(region) = 1
---
region | sum
NULL | 21

select case when grouping(region) = 1 then 'all' else coalesce(region, '?') end as r, sum(qty) from sale group by rollup (region) order by grouping(region), 1
---
r | sum
? | 5
n | 9
s | 7
all | 21

select region, sum(qty) as s, rank() over (order by sum(qty) desc) from sale group by cube (region) order by 2, 1
---
region | s | rank
NULL | 5 | 4
s | 7 | 3
n | 9 | 2
NULL | 21 | 1

select region || '!' as r, count(distinct kind), string_agg(kind, ',' order by kind) from sale group by rollup (region || '!') order by 1
---
r | count | string_agg
n! | 2 | a,a,b
s! | 1 | a
NULL | 1 | a
NULL | 2 | a,a,a,a,b

select sum(qty) filter (where kind = 'a'), region from sale group by rollup (region) order by 2, 1
---
sum | region
7 | n
3 | s
5 | NULL
15 | NULL

select * from (select region, kind, sum(qty) as s from sale group by rollup (region, kind)) x where region is null and kind is null order by s
---
region | kind | s
NULL | NULL | 5
NULL | NULL | 21

select * from (select region, kind, sum(qty) as s from sale group by cube (region, kind)) x where kind = 'a' order by region, s
---
region | kind | s
n | a | 7
s | a | 3
NULL | a | 5
NULL | a | 15

select upper(region), (select count(*) from sale i where i.region = sale.region) as n from sale group by rollup (region) order by 1, 2
---
upper | n
N | 3
S | 2
NULL | 0
NULL | 0

select region, qty from sale group by rollup (region)
---
ERROR 42803: column "sale.qty" must appear in the GROUP BY clause or be used in an aggregate function
at 16

select grouping(qty) from sale group by rollup (region)
---
ERROR 42803: arguments to GROUPING must be grouping expressions of the associated query level
at 17

select grouping(region) from sale
---
ERROR 42803: arguments to GROUPING must be grouping expressions of the associated query level
at 17

select region from sale where grouping(region) = 0 group by rollup (region)
---
ERROR 42803: grouping operations are not allowed in WHERE
at 31

select region, grouping(region) from sale group by region order by 1
---
region | grouping
n | 0
s | 0
NULL | 0

select region from sale group by cube (1,1,1,1,1,1,1,1,1,1,1,1,1)
---
ERROR 54011: CUBE is limited to 12 elements
at 34

create view summary as select region, kind, sum(qty) as total, grouping(region, kind) as level from sale group by rollup (region, kind)
---
ok 0

select * from summary where level = 1 order by region
---
region | kind | total | level
n | NULL | 9 | 1
s | NULL | 7 | 1
NULL | NULL | 5 | 1

insert into summary values ('x')
---
ERROR 55000: cannot insert into view "summary"
detail Views containing GROUP BY are not automatically updatable.
hint To enable inserting into the view, provide an INSTEAD OF INSERT trigger or an unconditional ON INSERT DO INSTEAD rule.

select id, qty / 2 as half from sale order by half fetch first 2 rows with ties
---
id | half
1 | 0
2 | 1
3 | 1

select id, qty / 3 as third from sale order by third desc fetch first 2 rows with ties
---
id | third
6 | 2
3 | 1
4 | 1
5 | 1

select id from sale order by region nulls first offset 1 fetch first 2 rows with ties
---
id
1
2
6

select id from sale order by region, kind fetch first 0 rows with ties
---
id

select id from sale order by qty / 10 fetch first row with ties
---
id
1
2
3
4
5
6

select id from sale fetch first 2 rows with ties
---
ERROR 42601: WITH TIES cannot be specified without ORDER BY clause

select region, count(*) from sale group by region order by 2 desc fetch first 1 row with ties
---
region | count
n | 3

select qty / 3 as n from sale union all select 1 order by n fetch first 3 rows with ties
---
n
0
0
1
1
1
1

select id from sale order by qty for update skip locked fetch first 2 rows with ties
---
ERROR 42601: SKIP LOCKED and WITH TIES options cannot be used together

select distinct kind from sale order by kind fetch first 1 row with ties
---
kind
a

values (1), (2), (2), (3) order by 1 fetch first 2 rows with ties
---
column1
1
2
2

select region, sum(qty) as s into sums from sale group by region
---
ok 3

select * from sums order by s
---
region | s
NULL | 5
s | 7
n | 9

select 1 as a into sums
---
ERROR 42P07: relation "sums" already exists

select id from (select id into nested from sale) x
---
ERROR 42601: SELECT ... INTO is not allowed here
at 32

drop view summary
---
ok 0

drop table sale, sums
---
ok 0

create table gs_key (id int primary key, a text, b int)
---
ok 0

insert into gs_key values (1, 'x', 5), (2, 'y', null)
---
ok 2

select id, a, b, count(*) from gs_key group by grouping sets ((id, b), (id)) order by 1, 3, 2
---
id | a | b | count
1 | x | 5 | 1
1 | x | NULL | 1
2 | y | NULL | 1
2 | y | NULL | 1

select id, upper(a), grouping(b) from gs_key group by id, rollup (b) having a > 'w' order by 1, 2, 3
---
id | upper | grouping
1 | X | 0
1 | X | 1
2 | Y | 0
2 | Y | 1

select id, (select k.a), sum(b) from gs_key k group by grouping sets ((id), (id)) order by 1
---
id | a | sum
1 | x | 5
1 | x | 5
2 | y | NULL
2 | y | NULL

select id, a from gs_key group by rollup (id)
---
ERROR 42803: column "gs_key.a" must appear in the GROUP BY clause or be used in an aggregate function
at 12

select grouping(a) from gs_key group by grouping sets ((id), (id))
---
ERROR 42803: arguments to GROUPING must be grouping expressions of the associated query level
at 17

select a from gs_key group by grouping sets ((id), (b))
---
ERROR 42803: column "gs_key.a" must appear in the GROUP BY clause or be used in an aggregate function
at 8

drop table gs_key
---
ok 0
