create table a (id int primary key, v text)
---
ok 0

create table b (id int primary key, a_id int, w int)
---
ok 0

insert into a values (1,'x'),(2,'y'),(3,'z')
---
ok 3

insert into b values (10,1,100),(11,1,200),(12,2,300),(13,null,400),(14,9,500)
---
ok 5

select a.id, b.w from a join b on b.a_id = a.id order by 1,2
---
id | w
1 | 100
1 | 200
2 | 300

select a.id, b.w from a left join b on b.a_id = a.id order by 1,2
---
id | w
1 | 100
1 | 200
2 | 300
3 | NULL

select a.id, b.w from a right join b on b.a_id = a.id order by 1 nulls first,2
---
id | w
NULL | 400
NULL | 500
1 | 100
1 | 200
2 | 300

select a.id, b.id from a full join b on b.a_id = a.id order by 1 nulls last,2
---
id | id
1 | 10
1 | 11
2 | 12
3 | NULL
NULL | 13
NULL | 14

select count(*) from a cross join b
---
count
15

select count(*) from a, b where a.id = b.a_id
---
count
3

select * from a natural join (values (1,'one'),(2,'two')) as n(id, t) order by id
---
id | v | t
1 | x | one
2 | y | two

select id, v, t from a join (values (1,'one')) as n(id, t) using (id)
---
id | v | t
1 | x | one

select v from a where exists (select 1 from b where b.a_id = a.id) order by v
---
v
x
y

select v from a where not exists (select 1 from b where b.a_id = a.id) order by v
---
v
z

select v from a where id in (select a_id from b) order by v
---
v
x
y

select v from a where id not in (select a_id from b) order by v
---
v

select v from a where id not in (select a_id from b where a_id is not null) order by v
---
v
z

select v, (select sum(w) from b where b.a_id = a.id) as s from a order by v
---
v | s
x | 300
y | 300
z | NULL

select a.v, l.w from a, lateral (select w from b where b.a_id = a.id order by w desc limit 1) l order by 1
---
v | w
x | 200
y | 300

select a.v, l.w from a left join lateral (select w from b where b.a_id = a.id order by w desc limit 1) l on true order by 1
---
v | w
x | 200
y | 300
z | NULL

select a_id, count(*), sum(w) from b group by a_id having count(*) > 1
---
a_id | count | sum
1 | 2 | 300

select a_id, count(*) filter (where w > 100), string_agg(id::text, ',' order by id desc), array_agg(w order by w), bool_or(w > 250) from b group by a_id order by a_id nulls last
---
a_id | count | string_agg | array_agg | bool_or
1 | 1 | 11,10 | {100,200} | f
2 | 1 | 12 | {300} | t
9 | 1 | 14 | {500} | t
NULL | 1 | 13 | {400} | t

select v, count(b.id) from a left join b on a.id = b.a_id group by a.id order by v
---
v | count
x | 2
y | 1
z | 0

select v, w from a join b on a.id = b.a_id group by v
---
ERROR 42803: column "b.w" must appear in the GROUP BY clause or be used in an aggregate function
at 11

select sum(w) from b where id > 100
---
sum
NULL

select count(distinct a_id), count(a_id), count(*) from b
---
count | count | count
3 | 4 | 5

with big as (select * from b where w >= 300), names as (select * from a) select names.v, big.w from big join names on names.id = big.a_id
---
v | w
y | 300

with recursive r(n) as (select 1 union all select n+1 from r where n < 5) select sum(n), count(*) from r
---
sum | count
15 | 5

select * from a where (id, v) = (1, 'x')
---
id | v
1 | x

select * from a where id = (select max(id) from a)
---
id | v
3 | z

select * from a where id = (select id from a)
---
ERROR 21000: more than one row returned by a subquery used as an expression

select a.id from a join b on a.id = b.a_id where id = 1
---
ERROR 42702: column reference "id" is ambiguous
at 50

select x.id from a
---
ERROR 42P01: missing FROM-clause entry for table "x"
at 8

drop table a, b
---
ok 0
