create table repeated (a int primary key, b int)
---
ok 0

create table partner (x int)
---
ok 0

insert into repeated values (1, 1), (2, 2)
---
ok 2

insert into partner values (1), (1), (null)
---
ok 3

update repeated set b = b + 1 from partner
---
ok 2

select * from repeated order by a
---
a | b
1 | 2
2 | 3

select a from repeated where 3 not in (select x from partner) order by a
---
a

select a from repeated where not (3 in (select nullif(max(x), max(x)) from partner)) order by a
---
a

select a from repeated where 3 not in (select x from partner where x > 0) order by a
---
a
1
2

select a from repeated where 1 not in (select x from partner where x > 0) order by a
---
a

select '{1}'::int[] in ('{1}'::int[], '{2}'), '{1}'::int[] not in ('{3}'::int[], '{2}')
---
?column? | ?column?
t | t

delete from repeated using partner
---
ok 2

select count(*) from repeated
---
count
0

drop table repeated, partner
---
ok 0
