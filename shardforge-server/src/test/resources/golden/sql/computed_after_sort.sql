-- What is volatile or gives several rows in a select list is computed after the sort.
CREATE TABLE caller (id int PRIMARY KEY, place int, kind text);
INSERT INTO caller VALUES (1, 30, 'x'), (2, 10, 'y'), (3, 20, 'x'), (4, 40, 'y');
CREATE SEQUENCE ticket;
SELECT nextval('ticket') AS n, id, place FROM caller ORDER BY place;
-- Only rows that LIMIT lets through are called for, and those that OFFSET skips.
SELECT id, nextval('ticket') AS n FROM caller ORDER BY place DESC LIMIT 2;
SELECT currval('ticket');
SELECT id, nextval('ticket') * 10 + place AS n FROM caller ORDER BY place LIMIT 1 OFFSET 2;
SELECT currval('ticket');
-- What is sorted by is computed before the sort; DISTINCT makes all columns such.
SELECT id, nextval('ticket') AS n FROM caller ORDER BY n;
SELECT setval('ticket', 100);
SELECT DISTINCT nextval('ticket') AS n, kind FROM caller ORDER BY n DESC;
-- Over groups and windows.
SELECT kind, nextval('ticket') AS n, sum(place) FROM caller WHERE id > 1 GROUP BY kind ORDER BY sum(place) DESC;
SELECT id, nextval('ticket') AS n, row_number() OVER (ORDER BY place) AS r FROM caller ORDER BY id DESC;
-- A subquery is not looked into; what is inserted comes in the order of the query.
SELECT id, (SELECT nextval('ticket') + id) AS n FROM caller ORDER BY place;
CREATE TABLE queue (n bigint DEFAULT nextval('ticket'), id int);
INSERT INTO queue SELECT nextval('ticket'), id FROM caller ORDER BY place;
INSERT INTO queue (id) SELECT id FROM caller ORDER BY place DESC;
SELECT n, id FROM queue ORDER BY n;
SELECT id, nextval('ticket') > 0 AS got FROM caller ORDER BY place FOR UPDATE;
-- Rows of functions stay in their order, and come after the sort.
SELECT id, generate_series(1, id) AS g FROM caller ORDER BY place;
SELECT id, generate_series(1, 3) AS g FROM caller ORDER BY place LIMIT 4;
SELECT id, generate_series(1, 2) AS g FROM caller ORDER BY place, g DESC;
SELECT id, generate_series(1, 2) AS g, generate_series(5, 6) AS h FROM caller ORDER BY g, id LIMIT 3;
SELECT id, generate_series(1, 2) AS g, nextval('ticket') > 0 AS got FROM caller ORDER BY g DESC, id;
-- DISTINCT ON that is sorted takes its rows before functions give several.
SELECT DISTINCT ON (kind) kind, id, generate_series(1, 3) AS g FROM caller ORDER BY kind, place;
SELECT DISTINCT ON (kind) kind, id, generate_series(1, 3) AS g FROM caller ORDER BY kind, g DESC, id;
SELECT DISTINCT ON (g) id, generate_series(1, 3) AS g FROM caller ORDER BY g, place;
SELECT setval('ticket', 200);
SELECT DISTINCT ON (kind) kind, nextval('ticket') AS n, id FROM caller ORDER BY kind, place DESC;
DROP TABLE queue, caller;
DROP SEQUENCE ticket;
---
ok 0
ok 4
ok 0
n | id | place
1 | 2 | 10
2 | 3 | 20
3 | 1 | 30
4 | 4 | 40
id | n
4 | 5
1 | 6
currval
6
id | n
1 | 120
currval
9
id | n
1 | 10
2 | 11
3 | 12
4 | 13
setval
100
n | kind
104 | y
103 | x
102 | y
101 | x
kind | n | sum
y | 105 | 50
x | 106 | 20
id | n | r
4 | 107 | 4
3 | 108 | 2
2 | 109 | 1
1 | 110 | 3
id | n
2 | 114
3 | 116
1 | 112
4 | 118
ok 0
ok 4
ok 4
n | id
115 | 2
116 | 3
117 | 1
118 | 4
119 | 4
120 | 1
121 | 3
122 | 2
id | got
2 | t
3 | t
1 | t
4 | t
id | g
2 | 1
2 | 2
3 | 1
3 | 2
3 | 3
1 | 1
4 | 1
4 | 2
4 | 3
4 | 4
id | g
2 | 1
2 | 2
2 | 3
3 | 1
id | g
2 | 2
2 | 1
3 | 2
3 | 1
1 | 2
1 | 1
4 | 2
4 | 1
id | g | h
1 | 1 | 5
2 | 1 | 5
3 | 1 | 5
id | g | got
1 | 2 | t
2 | 2 | t
3 | 2 | t
4 | 2 | t
1 | 1 | t
2 | 1 | t
3 | 1 | t
4 | 1 | t
kind | id | g
x | 3 | 1
x | 3 | 2
x | 3 | 3
y | 2 | 1
y | 2 | 2
y | 2 | 3
kind | id | g
x | 1 | 3
y | 2 | 3
id | g
2 | 1
2 | 2
2 | 3
setval
200
kind | n | id
x | 201 | 1
y | 202 | 4
ok 0
ok 0

create sequence late_s
---
ok 0

create table late_src as select g from generate_series(1,4) g
---
ok 4

create table late_dst (id int, code text, x int default 0)
---
ok 0

select nextval('late_s'), currval('late_s'), g from generate_series(1,3) g
---
nextval | currval | g
1 | 1 | 1
2 | 2 | 2
3 | 3 | 3

select nextval('late_s') as a, nextval('late_s') as b from late_src
---
a | b
4 | 5
6 | 7
8 | 9
10 | 11

insert into late_dst select nextval('late_s'), 'X' || currval('late_s') from late_src returning *
---
id | code | x
12 | X12 | 0
13 | X13 | 0
14 | X14 | 0
15 | X15 | 0

insert into late_dst values (nextval('late_s'), 'Y' || currval('late_s')), (nextval('late_s'), 'Y' || currval('late_s')) returning *
---
id | code | x
16 | Y16 | 0
17 | Y17 | 0

update late_dst set id = nextval('late_s'), code = currval('late_s')::text returning *
---
id | code | x
18 | 18 | 0
19 | 19 | 0
20 | 20 | 0
21 | 21 | 0
22 | 22 | 0
23 | 23 | 0

select nextval('late_s'), currval('late_s') from late_src order by g desc limit 2
---
nextval | currval
24 | 24
25 | 25

select setval('late_s', 100 + g), currval('late_s') from late_src
---
setval | currval
101 | 101
102 | 102
103 | 103
104 | 104

select a, b from (select nextval('late_s') a, currval('late_s') b from late_src offset 0) q where b > 0
---
a | b
105 | 105
106 | 106
107 | 107
108 | 108

drop table late_dst, late_src
---
ok 0

drop sequence late_s
---
ok 0
