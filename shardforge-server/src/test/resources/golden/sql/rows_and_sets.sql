select (1,2) = (select 1,2)
---
?column?
t

select (1,2) = any (select 1,2)
---
?column?
t

select (1,2) < (select 1,3)
---
?column?
t

select (1,2) < (select 1,3 where false)
---
?column?
NULL

select (1,2) < any (values (1,1),(1,3))
---
?column?
t

select (1,2) < all (values (1,2),(1,3))
---
?column?
f

select (1,null) < any (values (1,1),(1,3))
---
?column?
NULL

select (1,null) <> all (values (1,1),(1,3))
---
?column?
NULL

select (row(1,'a')).f1
---
f1
1

select (t).* from (values (1,2)) t(a,b)
---
a | b
1 | 2

select (json_each('{"a":1,"b":2}')).*
---
key | value
a | 1
b | 2

select row(t.*, 5) from (values (1,2)) t(a,b)
---
row
(1,2,5)

select v.* from (values (1,2)) t(a,b), lateral (values (t.*), ((t).*)) v
---
column1 | column2
1 | 2
1 | 2

select v.* from (values (1,2)) t(a,b), lateral (values (row(t.*))) v
---
column1
(1,2)

select generate_series(1,generate_series(1,3))
---
generate_series
1
1
2
1
2
3

select generate_series(1,2), generate_series(1,generate_series(1,3)) order by 1,2
---
generate_series | generate_series
1 | 1
2 | 1
2 | 2
NULL | 1
NULL | 2
NULL | 3

select generate_series(1,3) g, count(*) from (values (1),(2)) t(a) group by g order by g
---
g | count
1 | 2
2 | 2
3 | 2

select generate_series(1,a) g, sum(a) from (values (1),(2)) t(a) group by generate_series(1,a) order by 1
---
g | sum
1 | 3
2 | 2

select generate_series(1,a)+1 g, sum(a), generate_series(1,2) from (values (1),(2)) t(a) group by 1 order by 1,3
---
g | sum | generate_series
2 | 3 | 1
2 | 3 | 2
3 | 2 | 1
3 | 2 | 2

select x.i, t.*, u.* from (values (1,2)) t(i,a) join (values (1,3)) u(i,b) using (i) as x
---
i | i | a | i | b
1 | 1 | 2 | 1 | 3

select x, * from (values (1,2)) t(i,a) join (values (1,3)) u(i,b) using (i) as x
---
x | i | a | b
(1) | 1 | 2 | 3

select x.i , y.* from ((values (1,2)) t(i,a) join (values (1,3)) u(i,b) using (i) as x) as y
---
ERROR 42P01: missing FROM-clause entry for table "x"
at 8

select * from (values (1,2)) t(i,a) join (values (1,3)) u(i,b) using (i) as t
---
ERROR 42712: table name "t" specified more than once

select x.*, x.i + 1 from (values (1,2)) t(i,a) left join (values (2,3)) u(i,b) using (i) as x where x.i = 1
---
i | ?column?
1 | 2

select * from rows from (json_to_record('{"a":1,"b":"x"}') as (a int, b text), generate_series(1,3)) with ordinality
---
a | b | generate_series | ordinality
1 | x | 1 | 1
NULL | NULL | 2 | 2
NULL | NULL | 3 | 3

select * from rows from (json_to_recordset('[{"a":1,"b":"x"},{"a":2}]') as (a int, b text), generate_series(1,1)) as z(p,q)
---
p | q | generate_series
1 | x | 1
2 | NULL | NULL

select * from rows from (generate_series(1,3), json_to_record('{"a":1,"b":"x"}') as (a int, b text)) with ordinality as r where b is not null
---
generate_series | a | b | ordinality
1 | 1 | x | 1

select * from rows from (json_to_record('{"a":1,"b":"x"}') as (a int, b text)) with ordinality
---
a | b | ordinality
1 | x | 1

select jsonb_each('{"a":1}'), (jsonb_each('{"a":1}')).key
---
jsonb_each | key
(a,1) | a

create table gt(a int primary key, b text)
---
ok 0

insert into gt values (1,'x'),(2,'y')
---
ok 2

select (gt).*, (gt).b from gt order by 1
---
a | b | b
1 | x | x
2 | y | y

select (u).* from gt left join (select a, b from gt where a=1) u using (a) order by 1
---
a | b
1 | x
NULL | NULL

select ((gt)).*, count(*) from gt group by 1,2 order by 1
---
a | b | count
1 | x | 1
2 | y | 1

insert into gt values ((row(3,'z'::text)).*) returning (gt).*
---
a | b
3 | z

select a, b from gt where (a,b) > (select a,b from gt where a=1) order by 1
---
a | b
2 | y
3 | z

select a, b from gt where (a,b) >= all (select a,b from gt) order by 1
---
a | b
3 | z

select a, b from gt o where (a,b) < any (select a,b from gt i where i.a <> o.a) order by 1
---
a | b
1 | x
2 | y

select a, b from gt where ('1','x') = (select a::text,b from gt where a=1) order by 1
---
a | b
1 | x
2 | y
3 | z

select a, (a,b) <= (select max(a), 'y' from gt) from gt order by 1
---
a | ?column?
1 | t
2 | t
3 | f

select (1,2) < (select a, a from gt)
---
ERROR 21000: more than one row returned by a subquery used as an expression

select (1,2,3) < (select 1,2)
---
ERROR 42601: subquery has too few columns
at 16

select (1,2) < any (select 1,2,3)
---
ERROR 42601: subquery has too many columns
at 14

select max(a), (max(a), 1) > (select 2,2) from gt
---
max | ?column?
3 | t

select unnest(array[generate_series(1,2), 5])
---
unnest
1
5
2
5

select jsonb_array_elements(jsonb_array_elements('[[1,2],[3]]'))
---
jsonb_array_elements
1
2
3

select a, generate_series(1, generate_series(1,a)) g from gt order by a desc, 2 limit 4
---
a | g
3 | 1
3 | 1
3 | 1
3 | 2

select distinct generate_series(1,generate_series(1,3)) x order by 1
---
x
1
2
3

create view gv as select (gt).*, x.* from gt join (select 1 a, 2 q) u using (a) as x
---
ERROR 42701: column "a" specified more than once

create view gv as select (gt).*, x.a as xa from gt join (select 1 a, 2 q) u using (a) as x
---
ok 0

select * from gv
---
a | b | xa
1 | x | 1

alter table gt add column c int
---
ok 0

alter table gt rename column b to bb
---
ok 0

select * from gv
---
a | b | xa
1 | x | 1

select (x).* from gv x
---
a | b | xa
1 | x | 1

select * from gt
---
a | bb | c
1 | x | NULL
2 | y | NULL
3 | z | NULL

create view gw as select v.* from gt, lateral (values (gt.*)) v
---
ok 0

alter table gt add column d int
---
ok 0

select * from gw order by 1
---
column1 | column2 | column3
1 | x | NULL
2 | y | NULL
3 | z | NULL

create view gx as select generate_series(1, generate_series(1,2)) g, count(*) from gt group by generate_series(1,3), g
---
ok 0

drop view gx
---
ok 0

drop view gw
---
ok 0

drop view gv
---
ok 0

drop table gt
---
ok 0

select count(*) from (values (1),(2)) t(a) group by generate_series(1,2)
---
count
2
2

select a, generate_series(1,2) from (values (1),(2)) t(a) group by rollup(a, generate_series(1,2)) order by 1,2
---
a | generate_series
1 | 1
1 | 2
1 | NULL
2 | 1
2 | 2
2 | NULL
NULL | NULL

select sum(a), generate_series(1,2) g from (values (1),(2)) t(a) group by cube(g) order by 1,2
---
sum | g
3 | 1
3 | 2
6 | NULL

select * from json_to_record('{"a":1}') as (a int), rows from (json_to_record('{"a":2}') as (a int)) z
---
a | a
1 | 2

select json_each('{"a":1,"b":2}'), generate_series(1, generate_series(1,2))
---
json_each | generate_series
(a,1) | 1
(b,2) | 1
(b,2) | 2
