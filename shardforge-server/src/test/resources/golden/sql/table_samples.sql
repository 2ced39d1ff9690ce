create table s (k text primary key, n int)
---
ok 0

insert into s select 'x' || g, g from generate_series(1, 500) g
---
ok 500

create table hidden as select n from s
---
ok 500

select count(*) from s tablesample bernoulli (100)
---
count
500

select count(*) from s tablesample system (0)
---
count
0

select count(*) between 10 and 490 as some from s tablesample bernoulli (50)
---
some
t

select count(*) between 10 and 490 as some from hidden as h(m) tablesample bernoulli (50) repeatable (2) where m > 0
---
some
t

select count(*) from (select n from s tablesample bernoulli (50) repeatable (1.5) except select n from s tablesample bernoulli (50) repeatable (1.5)) d
---
count
0

select count(*) > 0 as differ from (select n from s tablesample bernoulli (50) repeatable (1) except select n from s tablesample bernoulli (50) repeatable (2)) d
---
differ
t

select p, count(n) from (values (0), (100)) p(p) left join lateral (select n from s tablesample bernoulli (p)) x on true group by p order by p
---
p | count
0 | 0
100 | 500

select count(*) between 10 and 490 as some from s a tablesample bernoulli (50) repeatable (1) join s b tablesample bernoulli (50) repeatable (1) using (k)
---
some
t

select count(*) from s tablesample bernoulli ((select 100))
---
count
500

create view sv as select * from s tablesample bernoulli (100) repeatable (3) where n > 10
---
ok 0

select count(*) from sv
---
count
490

update s set n = 0 from hidden tablesample system (100) where hidden.n = s.n and s.n > 495
---
ok 5

select n from s tablesample bernoulli (100) where k = 'x500' for update
---
n
0

select * from s tablesample other (10)
---
ERROR 42704: tablesample method other does not exist
at 29

select * from s tablesample bernoulli (101)
---
ERROR 2202H: sample percentage must be between 0 and 100

select * from s tablesample bernoulli (-1)
---
ERROR 2202H: sample percentage must be between 0 and 100

select * from s tablesample bernoulli ('NaN')
---
ERROR 2202H: sample percentage must be between 0 and 100

select * from s tablesample bernoulli (null)
---
ERROR 2202H: TABLESAMPLE parameter cannot be null

select * from s tablesample bernoulli (10) repeatable (null)
---
ERROR 2202G: TABLESAMPLE REPEATABLE parameter cannot be null

select * from s tablesample system (10, 3)
---
ERROR 2202H: tablesample method system requires 1 argument, not 2
at 29

select * from s tablesample bernoulli ('a')
---
ERROR 22P02: invalid input syntax for type real: "a"
at 40

select * from s tablesample bernoulli (true)
---
ERROR 42804: argument of TABLESAMPLE must be type real, not type boolean
at 40

select * from s tablesample bernoulli (10) repeatable (true)
---
ERROR 42804: argument of REPEATABLE must be type double precision, not type boolean
at 56

with x as (select 1) select * from x tablesample bernoulli (10)
---
ERROR 0A000: TABLESAMPLE clause can only be applied to tables and materialized views
at 36

select * from sv tablesample bernoulli (10)
---
ERROR 0A000: TABLESAMPLE clause can only be applied to tables and materialized views
at 15

select * from s tablesample bernoulli (count(*))
---
ERROR 42803: aggregate functions are not allowed in functions in FROM
at 40

drop table s, hidden cascade
---
notice drop cascades to view sv
ok 0
