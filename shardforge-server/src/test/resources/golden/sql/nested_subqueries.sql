# Subqueries in subqueries that ask about the outermost row.
create table a_rows (id int primary key, x int, y int)
---
ok 0

create table b_rows (id int primary key, x int, y int)
---
ok 0

create table c_rows (id int primary key, x int, y int)
---
ok 0

insert into a_rows select i, nullif(i % 7, 0), nullif(i % 5, 1) from generate_series(1, 60) i
---
ok 60

insert into b_rows select i, nullif(i % 11, 3), nullif(i % 4, 2) from generate_series(1, 25) i
---
ok 25

insert into c_rows select i, nullif(i % 3, 1), nullif(i % 9, 4) from generate_series(1, 12) i
---
ok 12

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.x = a.x))
---
count | sum
34 | 1029

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
17 | 466

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
24 | 720

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
26 | 833

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and a.y not in (select c.y from c_rows c))
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and a.y not in (select c.y from c_rows c where c.y is not null))
---
count | sum
8 | 232

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and a.y not in (select c.y from c_rows c where c.x = a.x))
---
count | sum
39 | 1193

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and a.y in (select c.y from c_rows c where c.x = a.x))
---
count | sum
2 | 39

select count(*), sum(id) from a_rows a where a.x in (select b.x from b_rows b where not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
17 | 466

select count(*), sum(id) from a_rows a where a.x in (select b.x from b_rows b where b.y = a.y and not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where a.x not in (select b.x from b_rows b where b.x is not null and not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
39 | 1224

select count(*), sum(id) from a_rows a where not exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
43 | 1364

select count(*), sum(id) from a_rows a where not exists (select 1 from b_rows b where b.x = a.x and exists (select 1 from c_rows c where c.y = a.y))
---
count | sum
34 | 997

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = b.y and c.x = a.x))
---
count | sum
43 | 1299

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = b.y and c.x > a.x))
---
count | sum
43 | 1299

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and b.y > (select avg(c.y) from c_rows c where c.x = a.x))
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and b.y in (select c.y from c_rows c where c.x = a.x and c.id > b.id))
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and (b.y = 1 or exists (select 1 from c_rows c where c.y = a.y)))
---
count | sum
39 | 1199

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and (a.y = 2 or exists (select 1 from c_rows c where c.y = a.y)))
---
count | sum
26 | 833

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and a.y = (select max(c.y) from c_rows c where c.x = a.x))
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and exists (select 1 from b_rows b2 where b2.y = b.y and not exists (select 1 from c_rows c where c.y = a.y)))
---
count | sum
17 | 466

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and exists (select 1 from b_rows b2 where b2.y = a.y and not exists (select 1 from c_rows c where c.y = b.y)))
---
count | sum
7 | 247

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where exists (select 1 from c_rows c where c.id = 1) and b.x = a.x)
---
count | sum
43 | 1299

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b where not exists (select 1 from c_rows c where c.id = 1) and b.x = a.x)
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select distinct b.y from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = a.y) order by b.y)
---
count | sum
17 | 466

select count(*), sum(id) from a_rows a where exists (select b.y from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = a.y) limit 1)
---
count | sum
17 | 466

select count(*), sum(id) from a_rows a where exists (select b.y from b_rows b where b.x = a.x and not exists (select 1 from c_rows c, lateral (select a.y + c.x as s) l where l.s = a.x))
---
count | sum
35 | 1088

select a.id from a_rows a left join b_rows d on d.id = a.id and exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = d.y)) order by 1 limit 3
---
id
1
2
3

select a.id, d.id from a_rows a left join b_rows d on d.id = a.id and exists (select 1 from b_rows b where b.x = d.x and not exists (select 1 from c_rows c where c.y = a.y)) order by 1
---
id | id
1 | 1
2 | NULL
3 | NULL
4 | 4
5 | NULL
6 | 6
7 | NULL
8 | NULL
9 | 9
10 | NULL
11 | 11
12 | NULL
13 | NULL
14 | NULL
15 | NULL
16 | 16
17 | NULL
18 | NULL
19 | 19
20 | NULL
21 | 21
22 | NULL
23 | NULL
24 | 24
25 | NULL
26 | NULL
27 | NULL
28 | NULL
29 | NULL
30 | NULL
31 | NULL
32 | NULL
33 | NULL
34 | NULL
35 | NULL
36 | NULL
37 | NULL
38 | NULL
39 | NULL
40 | NULL
41 | NULL
42 | NULL
43 | NULL
44 | NULL
45 | NULL
46 | NULL
47 | NULL
48 | NULL
49 | NULL
50 | NULL
51 | NULL
52 | NULL
53 | NULL
54 | NULL
55 | NULL
56 | NULL
57 | NULL
58 | NULL
59 | NULL
60 | NULL

select a.id, exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from c_rows c where c.y = a.y)) from a_rows a order by 1
---
id | exists
1 | t
2 | f
3 | f
4 | t
5 | f
6 | t
7 | f
8 | f
9 | t
10 | f
11 | t
12 | f
13 | f
14 | f
15 | f
16 | t
17 | f
18 | f
19 | t
20 | f
21 | f
22 | f
23 | f
24 | f
25 | f
26 | t
27 | f
28 | f
29 | t
30 | f
31 | f
32 | f
33 | f
34 | t
35 | f
36 | t
37 | f
38 | f
39 | t
40 | f
41 | t
42 | f
43 | f
44 | t
45 | f
46 | t
47 | f
48 | f
49 | f
50 | f
51 | t
52 | f
53 | f
54 | t
55 | f
56 | f
57 | f
58 | f
59 | f
60 | f

with k as (select * from c_rows where x is not null) select count(*) from a_rows a where exists (select 1 from b_rows b where b.x = a.x and not exists (select 1 from k where k.y = a.y))
---
count
17

select count(*) from a_rows a where exists (with k as (select * from c_rows where x is not null) select 1 from b_rows b where b.x = a.x and not exists (select 1 from k where k.y = a.y))
---
count
17

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b join c_rows c on c.y = b.y where b.x = a.x and c.x > a.y)
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b join c_rows c on c.y = b.y and c.x < a.x where b.x = a.x)
---
count | sum
35 | 1055

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b left join c_rows c on c.y = b.y where b.x = a.x and c.x is null)
---
count | sum
34 | 1011

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b left join c_rows c on c.y = b.y and c.x = a.x where b.x = a.x)
---
count | sum
43 | 1299

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b right join c_rows c on c.y = b.y where c.x = a.x)
---
count | sum
9 | 270

select count(*), sum(id) from a_rows a where exists (select 1 from b_rows b full join c_rows c on c.y = b.y where coalesce(c.x, b.x) = a.x)
---
count | sum
34 | 1011

select count(*), sum(id) from a_rows a where not exists (select 1 from b_rows b join c_rows c on c.y = b.y where b.x = a.x and (c.x > a.y or a.y is null))
---
count | sum
51 | 1596

select count(*), sum(id) from a_rows a where not exists (select 1 from b_rows b, c_rows c where b.x = a.x and c.y = a.y)
---
count | sum
34 | 997

select count(*), sum(id) from a_rows a where a.y in (select c.y from b_rows b join c_rows c on c.x = b.y where b.x = a.x)
---
count | sum
14 | 461

select count(*), sum(id) from a_rows a where a.y not in (select c.y from b_rows b join c_rows c on c.x = b.y where b.x = a.x)
---
count | sum
39 | 1182

select count(*), sum(id) from a_rows a where a.y = (select max(c.y) from b_rows b join c_rows c on c.x = b.y where b.x = a.x)
---
count | sum
0 | NULL

select count(*), sum(id) from a_rows a where not exists (select 1 from b_rows b where b.x = a.x and b.y not in (select c.y from c_rows c where c.x = a.y))
---
count | sum
19 | 616

drop table a_rows, b_rows, c_rows
---
ok 0
