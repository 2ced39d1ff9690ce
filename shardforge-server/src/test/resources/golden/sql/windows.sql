create table w (id int primary key, dept text, salary int, hired date, score float8, amount numeric)
---
ok 0

insert into w values (1,'develop',5200,'2007-08-01',1.5,10.10),(2,'sales',5000,'2006-10-01',2.5,null),(3,'sales',4800,'2007-08-01',2.5,3.3),(4,'sales',4800,'2007-08-08',null,4),(5,'personnel',3500,'2007-12-10',0,5.55),(6,'develop',4200,'2008-01-01',-1,7),(7,'develop',6000,'2006-10-01',7,7),(8,'personnel',3900,'2006-12-23',8,0),(9,'develop',4500,'2008-01-01',9,1e3),(10,'develop',5200,'2007-08-15',null,null)
---
ok 10

# Every function.
select id, dept, row_number() over (partition by dept order by salary, id), rank() over (partition by dept order by salary), dense_rank() over (partition by dept order by salary), percent_rank() over (partition by dept order by salary), cume_dist() over (partition by dept order by salary) from w order by dept, salary, id
---
id | dept | row_number | rank | dense_rank | percent_rank | cume_dist
6 | develop | 1 | 1 | 1 | 0 | 0.2
9 | develop | 2 | 2 | 2 | 0.25 | 0.4
1 | develop | 3 | 3 | 3 | 0.5 | 0.8
10 | develop | 4 | 3 | 3 | 0.5 | 0.8
7 | develop | 5 | 5 | 4 | 1 | 1
5 | personnel | 1 | 1 | 1 | 0 | 0.5
8 | personnel | 2 | 2 | 2 | 1 | 1
3 | sales | 1 | 1 | 1 | 0 | 0.6666666666666666
4 | sales | 2 | 1 | 1 | 0 | 0.6666666666666666
2 | sales | 3 | 3 | 2 | 1 | 1

select id, ntile(3) over (order by id), ntile(20) over (order by id desc), ntile(1) over (order by id) from w order by id
---
id | ntile | ntile | ntile
1 | 1 | 10 | 1
2 | 1 | 9 | 1
3 | 1 | 8 | 1
4 | 1 | 7 | 1
5 | 2 | 6 | 1
6 | 2 | 5 | 1
7 | 2 | 4 | 1
8 | 3 | 3 | 1
9 | 3 | 2 | 1
10 | 3 | 1 | 1

select id, lag(salary) over (order by id), lag(salary, 2) over (order by id), lag(salary, 2, -1) over (order by id), lead(salary) over (order by id), lead(salary, 3, 0) over (order by id), lag(salary, -1) over (order by id), lag(salary, 0) over (order by id), lag(salary, null) over (order by id) from w order by id
---
id | lag | lag | lag | lead | lead | lag | lag | lag
1 | NULL | NULL | -1 | 5000 | 4800 | 5000 | 5200 | NULL
2 | 5200 | NULL | -1 | 4800 | 3500 | 4800 | 5000 | NULL
3 | 5000 | 5200 | 5200 | 4800 | 4200 | 4800 | 4800 | NULL
4 | 4800 | 5000 | 5000 | 3500 | 6000 | 3500 | 4800 | NULL
5 | 4800 | 4800 | 4800 | 4200 | 3900 | 4200 | 3500 | NULL
6 | 3500 | 4800 | 4800 | 6000 | 4500 | 6000 | 4200 | NULL
7 | 4200 | 3500 | 3500 | 3900 | 5200 | 3900 | 6000 | NULL
8 | 6000 | 4200 | 4200 | 4500 | 0 | 4500 | 3900 | NULL
9 | 3900 | 6000 | 6000 | 5200 | 0 | 5200 | 4500 | NULL
10 | 4500 | 3900 | 3900 | NULL | 0 | NULL | 5200 | NULL

select id, first_value(id) over (partition by dept order by salary, id), last_value(id) over (partition by dept order by salary, id), last_value(id) over (partition by dept order by salary, id rows between unbounded preceding and unbounded following), nth_value(id, 2) over (partition by dept order by salary, id) from w order by id
---
id | first_value | last_value | last_value | nth_value
1 | 6 | 1 | 7 | 9
2 | 3 | 2 | 2 | 4
3 | 3 | 3 | 2 | NULL
4 | 3 | 4 | 2 | 4
5 | 5 | 5 | 8 | NULL
6 | 6 | 6 | 7 | NULL
7 | 6 | 7 | 7 | 9
8 | 5 | 8 | 8 | 8
9 | 6 | 9 | 7 | 9
10 | 6 | 10 | 7 | 9

select id, lag(dept, 1, 'none') over (order by id), lag(amount, 1, 0) over (order by id), lead(hired, 1, '2020-01-01') over (order by id) from w order by id
---
id | lag | lag | lead
1 | none | 0 | 2006-10-01
2 | develop | 10.10 | 2007-08-01
3 | sales | NULL | 2007-08-08
4 | sales | 3.3 | 2007-12-10
5 | sales | 4 | 2008-01-01
6 | personnel | 5.55 | 2006-10-01
7 | develop | 7 | 2006-12-23
8 | develop | 7 | 2008-01-01
9 | personnel | 0 | 2007-08-15
10 | develop | 1000 | 2020-01-01

# Aggregates.
select id, sum(salary) over (partition by dept), avg(salary) over (partition by dept order by hired, id), count(*) over (), count(score) over (order by id), min(salary) over (order by id desc), max(salary) over (order by id) from w order by id
---
id | sum | avg | count | count | min | max
1 | 25100 | 5600.0000000000000000 | 10 | 1 | 3500 | 5200
2 | 14600 | 5000.0000000000000000 | 10 | 2 | 3500 | 5200
3 | 14600 | 4900.0000000000000000 | 10 | 3 | 3500 | 5200
4 | 14600 | 4866.6666666666666667 | 10 | 3 | 3500 | 5200
5 | 7400 | 3700.0000000000000000 | 10 | 4 | 3500 | 5200
6 | 25100 | 5150.0000000000000000 | 10 | 5 | 3900 | 5200
7 | 25100 | 6000.0000000000000000 | 10 | 6 | 3900 | 6000
8 | 7400 | 3900.0000000000000000 | 10 | 7 | 3900 | 6000
9 | 25100 | 5020.0000000000000000 | 10 | 8 | 4500 | 6000
10 | 25100 | 5466.6666666666666667 | 10 | 8 | 5200 | 6000

select dept, sum(salary), sum(sum(salary)) over (order by dept), rank() over (order by sum(salary) desc) from w group by dept order by dept
---
dept | sum | sum | rank
develop | 25100 | 25100 | 1
personnel | 7400 | 32500 | 3
sales | 14600 | 47100 | 2

select id, array_agg(id) over (partition by dept order by id), string_agg(dept, ',') over (order by id rows 2 preceding) from w order by id
---
id | array_agg | string_agg
1 | {1} | develop
2 | {2} | develop,sales
3 | {2,3} | develop,sales,sales
4 | {2,3,4} | sales,sales,sales
5 | {5} | sales,sales,personnel
6 | {1,6} | sales,personnel,develop
7 | {1,6,7} | personnel,develop,develop
8 | {5,8} | develop,develop,personnel
9 | {1,6,7,9} | develop,personnel,develop
10 | {1,6,7,9,10} | personnel,develop,develop

select id, sum(salary) filter (where score > 2) over (order by id), count(*) filter (where dept = 'sales') over (partition by dept) from w order by id
---
id | sum | count
1 | NULL | 0
2 | 5000 | 3
3 | 9800 | 3
4 | 9800 | 3
5 | 9800 | 0
6 | 9800 | 0
7 | 15800 | 0
8 | 19700 | 0
9 | 24200 | 0
10 | 24200 | 0

select id, stddev(salary) over (order by id rows 3 preceding), bool_or(salary > 5000) over (partition by dept order by id), sum(amount) over (order by id rows between 1 preceding and 1 following) from w order by id
---
id | stddev | bool_or | sum
1 | NULL | t | 10.10
2 | 141.421356237310 | f | 13.40
3 | 200.000000000000 | f | 7.3
4 | 191.485421551268 | f | 12.85
5 | 689.806736219163 | f | 16.55
6 | 618.465843842649 | t | 19.55
7 | 1059.481005020855 | t | 14
8 | 1104.536101718726 | f | 1007
9 | 932.737905308882 | t | 1000
10 | 905.538513813742 | t | 1000

select id, json_agg(id) over (partition by dept order by id), jsonb_agg(id) over (order by id rows 1 preceding) from w order by id
---
id | json_agg | jsonb_agg
1 | [1] | [1]
2 | [2] | [1, 2]
3 | [2, 3] | [2, 3]
4 | [2, 3, 4] | [3, 4]
5 | [5] | [4, 5]
6 | [1, 6] | [5, 6]
7 | [1, 6, 7] | [6, 7]
8 | [5, 8] | [7, 8]
9 | [1, 6, 7, 9] | [8, 9]
10 | [1, 6, 7, 9, 10] | [9, 10]

# Named windows.
select id, sum(salary) over w1, avg(salary) over w2, rank() over (w1 order by salary) from w window w1 as (partition by dept), w2 as (w1 order by id) order by id
---
id | sum | avg | rank
1 | 25100 | 5200.0000000000000000 | 3
2 | 14600 | 5000.0000000000000000 | 3
3 | 14600 | 4900.0000000000000000 | 1
4 | 14600 | 4866.6666666666666667 | 1
5 | 7400 | 3500.0000000000000000 | 1
6 | 25100 | 4700.0000000000000000 | 1
7 | 25100 | 5133.3333333333333333 | 5
8 | 7400 | 3700.0000000000000000 | 2
9 | 25100 | 4975.0000000000000000 | 2
10 | 25100 | 5020.0000000000000000 | 3

select id, count(*) over (w1 rows 1 preceding) from w window w1 as (order by id) order by id
---
id | count
1 | 1
2 | 2
3 | 2
4 | 2
5 | 2
6 | 2
7 | 2
8 | 2
9 | 2
10 | 2

# Frames.
select id, sum(id) over (order by id rows between 2 preceding and current row), sum(id) over (order by id rows between current row and 2 following), sum(id) over (order by id rows between 1 preceding and 1 following), sum(id) over (order by id rows between unbounded preceding and 1 preceding), sum(id) over (order by id rows between 1 following and unbounded following), sum(id) over (order by id rows between 3 following and 4 following), sum(id) over (order by id rows between 4 preceding and 2 preceding) from w order by id
---
id | sum | sum | sum | sum | sum | sum | sum
1 | 1 | 6 | 3 | NULL | 54 | 9 | NULL
2 | 3 | 9 | 6 | 1 | 52 | 11 | NULL
3 | 6 | 12 | 9 | 3 | 49 | 13 | 1
4 | 9 | 15 | 12 | 6 | 45 | 15 | 3
5 | 12 | 18 | 15 | 10 | 40 | 17 | 6
6 | 15 | 21 | 18 | 15 | 34 | 19 | 9
7 | 18 | 24 | 21 | 21 | 27 | 10 | 12
8 | 21 | 27 | 24 | 28 | 19 | NULL | 15
9 | 24 | 19 | 27 | 36 | 10 | NULL | 18
10 | 27 | 10 | 19 | 45 | NULL | NULL | 21

select id, salary, sum(salary) over (order by salary range between 500 preceding and 500 following), count(*) over (order by salary desc range between 300 preceding and current row), array_agg(id) over (order by salary, id), count(*) over (order by salary range between 100 following and 1000 following) from w order by salary, id
---
id | salary | sum | count | array_agg | count
5 | 3500 | 7400 | 1 | {5} | 3
8 | 3900 | 11600 | 2 | {5,8} | 4
6 | 4200 | 12600 | 2 | {5,8,6} | 6
9 | 4500 | 23300 | 3 | {5,8,6,9} | 5
3 | 4800 | 29500 | 3 | {5,8,6,9,3} | 3
4 | 4800 | 29500 | 3 | {5,8,6,9,3,4} | 3
2 | 5000 | 29500 | 3 | {5,8,6,9,3,4,2} | 3
1 | 5200 | 25000 | 2 | {5,8,6,9,3,4,2,1} | 1
10 | 5200 | 25000 | 2 | {5,8,6,9,3,4,2,1,10} | 1
7 | 6000 | 6000 | 1 | {5,8,6,9,3,4,2,1,10,7} | 0

select id, hired, count(*) over (order by hired range between '1 month' preceding and '10 days'::interval following), bit_or(1<<id) over (order by hired desc range between interval '1 year' preceding and interval '0' following) from w order by hired, id
---
id | hired | count | bit_or
2 | 2006-10-01 | 2 | 1438
7 | 2006-10-01 | 2 | 1438
8 | 2006-12-23 | 1 | 1338
1 | 2007-08-01 | 3 | 1658
3 | 2007-08-01 | 3 | 1658
4 | 2007-08-08 | 4 | 1648
10 | 2007-08-15 | 4 | 1632
5 | 2007-12-10 | 1 | 608
6 | 2008-01-01 | 3 | 576
9 | 2008-01-01 | 3 | 576

select id, score, bit_or(1<<id) over (order by score range between 1 preceding and 1 following), count(*) over (order by score desc nulls last range between 1.5 preceding and unbounded following), count(*) over (order by score nulls first range between 1 preceding and 2 following) from w order by score, id
---
id | score | bit_or | count | count
6 | -1 | 96 | 4 | 2
5 | 0 | 96 | 5 | 3
1 | 1.5 | 14 | 7 | 3
2 | 2.5 | 14 | 7 | 3
3 | 2.5 | 14 | 7 | 3
7 | 7 | 384 | 9 | 3
8 | 8 | 896 | 10 | 3
9 | 9 | 768 | 10 | 2
4 | NULL | 1040 | 2 | 2
10 | NULL | 1040 | 2 | 2

select id, amount, sum(amount) over (order by amount range between 3 preceding and 0.5 following), count(*) over (order by amount desc range between unbounded preceding and 1 preceding) from w order by amount, id
---
id | amount | sum | count
8 | 0 | 0 | 9
3 | 3.3 | 3.3 | 7
4 | 4 | 7.3 | 7
5 | 5.55 | 12.85 | 6
6 | 7 | 23.55 | 4
7 | 7 | 23.55 | 4
1 | 10.10 | 10.10 | 3
9 | 1000 | 1000 | 2
2 | NULL | NULL | 2
10 | NULL | NULL | 2

select id, salary, bit_or(1<<id) over (order by salary groups between 1 preceding and 1 following), sum(id) over (order by salary groups between 1 following and 2 following), sum(id) over (order by salary groups current row), sum(id) over (order by salary groups between unbounded preceding and 2 preceding), count(*) over (order by salary groups between 9223372036854775807 preceding and 9223372036854775807 following) from w order by salary, id
---
id | salary | bit_or | sum | sum | sum | count
5 | 3500 | 288 | 14 | 5 | NULL | 10
8 | 3900 | 352 | 15 | 8 | NULL | 10
6 | 4200 | 832 | 16 | 6 | 5 | 10
9 | 4500 | 600 | 9 | 9 | 13 | 10
3 | 4800 | 540 | 13 | 7 | 19 | 10
4 | 4800 | 540 | 13 | 7 | 19 | 10
2 | 5000 | 1054 | 18 | 2 | 28 | 10
1 | 5200 | 1158 | 7 | 11 | 35 | 10
10 | 5200 | 1158 | 7 | 11 | 35 | 10
7 | 6000 | 1154 | NULL | 7 | 37 | 10

select id, salary, array_agg(id) over (order by salary groups between 1 preceding and 1 following exclude current row), array_agg(id) over (order by salary rows between unbounded preceding and unbounded following exclude group), array_agg(id) over (order by salary range between unbounded preceding and unbounded following exclude ties), array_agg(id) over (order by salary rows between 1 preceding and 1 following exclude no others) from w where id > 1 order by salary, id
---
id | salary | array_agg | array_agg | array_agg | array_agg
5 | 3500 | {8} | {8,6,9,3,4,2,10,7} | {5,8,6,9,3,4,2,10,7} | {5,8}
8 | 3900 | {5,6} | {5,6,9,3,4,2,10,7} | {5,8,6,9,3,4,2,10,7} | {5,8,6}
6 | 4200 | {8,9} | {5,8,9,3,4,2,10,7} | {5,8,6,9,3,4,2,10,7} | {8,6,9}
9 | 4500 | {6,3,4} | {5,8,6,3,4,2,10,7} | {5,8,6,9,3,4,2,10,7} | {6,9,3}
3 | 4800 | {9,4,2} | {5,8,6,9,2,10,7} | {5,8,6,9,3,2,10,7} | {9,3,4}
4 | 4800 | {9,3,2} | {5,8,6,9,2,10,7} | {5,8,6,9,4,2,10,7} | {3,4,2}
2 | 5000 | {3,4,10} | {5,8,6,9,3,4,10,7} | {5,8,6,9,3,4,2,10,7} | {4,2,10}
10 | 5200 | {2,7} | {5,8,6,9,3,4,2,7} | {5,8,6,9,3,4,2,10,7} | {2,10,7}
7 | 6000 | {10} | {5,8,6,9,3,4,2,10} | {5,8,6,9,3,4,2,10,7} | {10,7}

select id, first_value(id) over (order by id rows between 1 preceding and 1 following exclude current row), last_value(id) over (order by id rows between 1 preceding and 1 following exclude current row), nth_value(id,2) over (order by id rows between 1 preceding and 2 following exclude current row), nth_value(id,3) over (order by salary, id groups between 1 preceding and 1 following exclude ties) from w order by id
---
id | first_value | last_value | nth_value | nth_value
1 | 2 | 2 | 3 | 10
2 | 1 | 3 | 3 | 1
3 | 2 | 4 | 4 | 4
4 | 3 | 5 | 5 | 2
5 | 4 | 6 | 6 | NULL
6 | 5 | 7 | 7 | 9
7 | 6 | 8 | 8 | NULL
8 | 7 | 9 | 9 | 6
9 | 8 | 10 | 10 | 3
10 | 9 | 9 | NULL | 7

select id, sum(id) over (rows between unbounded preceding and current row), count(*) over (rows between 0 preceding and 0 following) from (select id from w order by id) x
---
id | sum | count
1 | 1 | 1
2 | 3 | 1
3 | 6 | 1
4 | 10 | 1
5 | 15 | 1
6 | 21 | 1
7 | 28 | 1
8 | 36 | 1
9 | 45 | 1
10 | 55 | 1

# With other clauses.
select distinct dept, count(*) over (partition by dept) from w order by dept
---
dept | count
develop | 5
personnel | 2
sales | 3

select id from w order by row_number() over (order by salary desc, id) limit 3
---
id
7
1
10

select * from (select id, dept, row_number() over (partition by dept order by salary desc, id) as n from w) x where n = 1 order by id
---
id | dept | n
2 | sales | 1
7 | develop | 1
8 | personnel | 1

select id, sum(salary) over (partition by dept order by id) * 2 + 1 as twice from w where salary > 4000 order by id offset 2 limit 3
---
id | twice
3 | 19601
4 | 29201
6 | 18801

select x, sum(x) over (order by x) from generate_series(1, 5) x union all select 0, 0 order by 1, 2
---
x | sum
0 | 0
1 | 1
2 | 3
3 | 6
4 | 10
5 | 15

select (select max(r) from (select rank() over (order by i.salary) as r from w i where i.dept = o.dept) q), o.id from w o order by o.id
---
max | id
5 | 1
3 | 2
3 | 3
3 | 4
2 | 5
5 | 6
5 | 7
2 | 8
5 | 9
5 | 10

with t as (select id, row_number() over (order by id desc) as n from w) select t.id, n from t where n <= 2 order by n
---
id | n
10 | 1
9 | 2

select count(*) over (partition by null), row_number() over (order by null) from w limit 1
---
count | row_number
10 | 1

select rank() over (order by 1), sum(1) over () from generate_series(1,3)
---
rank | sum
1 | 3
1 | 3
1 | 3

select count(*) over () from w where false
---
count

select sum(count(*)) over () from w
---
sum
10

select grp, x, sum(x) over (partition by grp order by x), generate_series(1,2) from (values (1,10),(1,20),(2,5)) v(grp,x) order by 1,2,4
---
grp | x | sum | generate_series
1 | 10 | 10 | 1
1 | 10 | 10 | 2
1 | 20 | 30 | 1
1 | 20 | 30 | 2
2 | 5 | 5 | 1
2 | 5 | 5 | 2

select case when row_number() over (order by id) % 2 = 0 then 'even' else 'odd' end, coalesce(lag(id) over (order by id), -1) from w order by id limit 3
---
case | coalesce
odd | -1
even | 1
odd | 2

# Errors.
select sum(x) over (order by x) from w where row_number() over () > 1
---
ERROR 42703: column "x" does not exist
at 12

select id from w where rank() over (order by id) = 1
---
ERROR 42P20: window functions are not allowed in WHERE
at 24

select id from w group by rank() over (order by id)
---
ERROR 42P20: window functions are not allowed in GROUP BY
at 27

select dept from w group by dept having rank() over (order by dept) = 1
---
ERROR 42P20: window functions are not allowed in HAVING
at 41

select rank() from w
---
ERROR 42809: window function rank requires an OVER clause
at 8

select rank() over (order by rank() over (order by id)) from w
---
ERROR 42P20: window functions are not allowed in window definitions
at 30

select sum(rank() over (order by id)) from w
---
ERROR 42803: aggregate function calls cannot contain window function calls
at 12

select lower(dept) over () from w
---
ERROR 42809: OVER specified, but lower is not a window function nor an aggregate function
at 8

select count(distinct id) over () from w
---
ERROR 0A000: DISTINCT is not implemented for window functions
at 8

select array_agg(id order by id) over () from w
---
ERROR 0A000: aggregate ORDER BY is not implemented for window functions
at 8

select count() over () from w
---
ERROR 42809: count(*) must be used to call a parameterless aggregate function
at 8

select rank() filter (where true) over () from w
---
ERROR 0A000: FILTER is not implemented for non-aggregate window functions
at 8

select sum(id) over nosuch from w
---
ERROR 42704: window "nosuch" does not exist
at 21

select sum(id) over (nosuch) from w
---
ERROR 42704: window "nosuch" does not exist
at 21

select sum(id) over w1 from w window w1 as (order by id), w1 as (order by dept)
---
ERROR 42P20: window "w1" is already defined
at 65

select sum(id) over (w1 partition by dept) from w window w1 as (order by id)
---
ERROR 42P20: cannot override PARTITION BY clause of window "w1"
at 21

select sum(id) over (w1 order by dept) from w window w1 as (order by id)
---
ERROR 42P20: cannot override ORDER BY clause of window "w1"
at 21

select sum(id) over (w1) from w window w1 as (order by id rows 1 preceding)
---
ERROR 42P20: cannot copy window "w1" because it has a frame clause
at 21
hint Omit the parentheses in this OVER clause.

select sum(id) over (range 1 preceding) from w
---
ERROR 42P20: RANGE with offset PRECEDING/FOLLOWING requires exactly one ORDER BY column
at 21

select sum(id) over (order by dept range 1 preceding) from w
---
ERROR 0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type text
at 42

select sum(id) over (order by hired range 1 preceding) from w
---
ERROR 0A000: RANGE with offset PRECEDING/FOLLOWING is not supported for column type date and offset type integer
at 43
hint Cast the offset value to an appropriate type.

select sum(id) over (groups 1 preceding) from w
---
ERROR 42P20: GROUPS mode requires an ORDER BY clause
at 21

select sum(id) over (order by id rows -1 preceding) from w
---
ERROR 22013: frame starting offset must not be negative

select sum(id) over (order by id rows null preceding) from w
---
ERROR 22004: frame starting offset must not be null

select sum(id) over (order by id rows between 1 preceding and -1 following) from w
---
ERROR 22013: frame ending offset must not be negative

select sum(id) over (order by id range -1 preceding) from w
---
ERROR 22013: invalid preceding or following size in window function

select sum(id) over (order by id rows id preceding) from w
---
ERROR 42P10: argument of ROWS must not contain variables
at 39

select sum(id) over (order by id rows 'x' preceding) from w
---
ERROR 22P02: invalid input syntax for type bigint: "x"
at 39

select sum(id) over (order by id rows 1.5 preceding) from w
---
sum
1
3
6
9
12
15
18
21
24
27

select sum(id) over (order by id rows between current row and 1 preceding) from w
---
ERROR 42P20: frame starting from current row cannot have preceding rows
at 63

select ntile(0) over (order by id) from w
---
ERROR 22014: argument of ntile must be greater than zero

select ntile(null) over (order by id) from w limit 1
---
ntile
NULL

select nth_value(id, 0) over (order by id) from w
---
ERROR 22016: argument of nth_value must be greater than zero

select id, rank() over (order by id) from w for update
---
ERROR 0A000: FOR UPDATE is not allowed with window functions

select json_agg(id) over (order by to_json(dept)) from w
---
ERROR 42883: could not identify an ordering operator for type json
at 36
hint Use an explicit ordering operator or modify the query.

select salary, rank() over (partition by dept) from w group by salary
---
ERROR 42803: column "w.dept" must appear in the GROUP BY clause or be used in an aggregate function
at 42

select sum(salary) over (order by id rows between unbounded following and 1 following) from w
---
ERROR 42P20: frame start cannot be UNBOUNDED FOLLOWING
at 51

select lag(id, 1, 'x') over (order by id) from w
---
ERROR 22P02: invalid input syntax for type integer: "x"
at 19

select row_number(1) over () from w
---
ERROR 42883: function row_number(integer) does not exist
at 8
hint No function matches the given name and argument types. You might need to add explicit type casts.

update w set salary = rank() over ()
---
ERROR 42P20: window functions are not allowed in UPDATE
at 23

delete from w returning rank() over ()
---
ERROR 42P20: window functions are not allowed in RETURNING
at 25

insert into w (id, salary) values (rank() over (), 1)
---
ERROR 42P20: window functions are not allowed in VALUES
at 36

select x from w join lateral (select rank() over (order by w.id) as x) y on rank() over () = 1
---
ERROR 42P20: window functions are not allowed in JOIN conditions
at 77

# Values at the ends.
select x, count(*) over (order by x range between 9223372036854775807 preceding and 9223372036854775807 following) from (values (-9223372036854775808),(0::int8),(9223372036854775807)) v(x)
---
x | count
-9223372036854775808 | 1
0 | 2
9223372036854775807 | 2

select x, count(*) over (order by x range between 'inf' preceding and 1 following) from (values ('-inf'::float8),(0),('inf'),('nan')) v(x)
---
x | count
-Infinity | 1
0 | 2
Infinity | 3
NaN | 1

select x, count(*) over (order by x range between 10 preceding and 10 following) from (values ('-inf'::numeric),(0),('inf'),('nan'),(5)) v(x)
---
x | count
-Infinity | 1
0 | 2
5 | 2
Infinity | 1
NaN | 1

select x, count(*) over (order by x range between '1 hour' preceding and '2 hours' following) from (values (time '00:30'),('01:10'),('23:30'),('23:59')) v(x)
---
x | count
00:30:00 | 2
01:10:00 | 2
23:30:00 | 2
23:59:00 | 2

select x, count(*) over (order by x range between '1 hour' preceding and '2 hours' following) from (values (timestamp '2020-01-01 00:30'),('2020-01-01 01:10'),('infinity'),('-infinity')) v(x)
---
x | count
-infinity | 1
2020-01-01 00:30:00 | 2
2020-01-01 01:10:00 | 2
infinity | 1

select x, count(*) over (order by x range between '1 day' preceding and '2 hours' following) from (values (interval '1 day'),('25 hours'),('1 month'),('30 days')) v(x)
---
x | count
1 day | 2
25:00:00 | 2
1 mon | 2
30 days | 2

drop table w
---
ok 0
