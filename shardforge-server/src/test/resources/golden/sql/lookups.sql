# Rows that are named by their keys, in an order.
create table l (id int primary key, u int unique, a int, b int, t text)
---
ok 0

create unique index on l (a desc, b)
---
ok 0

insert into l select i, 100 - i, i % 5, i, 'x' || i from generate_series(1, 30) i
---
ok 30

select id from l where id in (3, 1, 2) order by id
---
id
1
2
3

select id from l where id in (3, 1, 2) order by id desc
---
id
3
2
1

select id from l where id = any ('{9,7,8}') order by id
---
id
7
8
9

select u from l where u in (77, 99, 80) order by u
---
u
77
80
99

select u from l where u in (77, 99, 80) order by u desc
---
u
99
80
77

select a, b from l where a in (2, 4, 0) and b in (2, 4, 9, 10, 27) order by a desc, b
---
a | b
4 | 4
4 | 9
2 | 2
2 | 27
0 | 10

select a, b from l where a in (2, 4, 0) and b in (2, 4, 9, 10, 27) order by a, b desc
---
a | b
0 | 10
2 | 27
2 | 2
4 | 9
4 | 4

select a, b from l where a in (2, 4, 0) order by a desc, b limit 5
---
a | b
4 | 4
4 | 9
4 | 14
4 | 19
4 | 24

select id from l where id in (3, 1, 2) order by id limit 2
---
id
1
2

select id from l where id in (3, 1, 2) order by id desc limit 1 for update
---
id
3

# What is null for every row is not computed.
select id from l where id * 1000000000 between null and id
---
id

select id from l where not (id / 0) <> null
---
id

select id from l where id / 0 = null and id > 3
---
id

select id from l where id / 0 = 1 and null::boolean
---
id

select count(*) from l where id > 3 or true
---
count
30

select count(*) from l where (id / 0 > 1 and false) or id = 3
---
count
1

select count(*) from l x join l y on x.id = y.id and null::int = 3
---
count
0

select count(*), count(y.id) from l x left join l y on x.id = y.id and null::int = 3
---
count | count
30 | 0

select null + 3, null || 'a', not null::boolean, null is null, 3 is null, null::int is not null
---
?column? | ?column? | ?column? | ?column? | ?column? | ?column?
NULL | NULL | NULL | t | f | f

select count(*) from l where not (null::boolean and id > 3)
---
count
3

update l set t = 'never' where id = 3 and false
---
ok 0

delete from l where null::boolean
---
ok 0

insert into l select 31, 31, 31, 31 where false
---
ok 0

select sum(id), count(*) from l where false
---
sum | count
NULL | 0

select a, count(*) from l where null group by a
---
a | count

select id from l where false order by id for update
---
id

select id from l where id > 3 and false order by id desc limit 2
---
id

select x.id, y.id from l x full join (select * from l where false) y on x.id = y.id order by 1 limit 2
---
id | id
1 | NULL
2 | NULL

select exists (select from l where false), (select id from l where false), array(select id from l where null)
---
exists | id | array
f | NULL | {}

select id from l where not id * 1000000000 not between id and null
---
id

select id from l where not (id > 3 or id is null) order by id
---
id
1
2
3

select id from l where not (id > 3 and id < 29) order by id desc
---
id
30
29
3
2
1

drop table l
---
ok 0
