# An aggregate of columns of an outer query alone belongs to that query.

CREATE TABLE shelf (id int PRIMARY KEY, room int, width int)
---
ok 0

INSERT INTO shelf VALUES (1, 1, 50), (2, 1, 80), (3, 2, 60), (4, 2, 20), (5, 3, 90)
---
ok 5

CREATE TABLE book (id int PRIMARY KEY, size int)
---
ok 0

INSERT INTO book VALUES (1, 70), (2, 85), (3, 55)
---
ok 3

SELECT (SELECT max(s.width)) FROM shelf s
---
max
90

SELECT room, (SELECT max(s.width) - count(*) FROM book) AS m FROM shelf s GROUP BY room ORDER BY room
---
room | m
1 | 77
2 | 57
3 | 87

SELECT room FROM shelf s GROUP BY room HAVING EXISTS (SELECT 1 FROM book b WHERE b.size > max(s.width)) ORDER BY room
---
room
1
2

SELECT room FROM shelf s GROUP BY room HAVING 85 IN (SELECT b.size FROM book b WHERE b.size > sum(s.width) OR min(s.width) > 80) ORDER BY room
---
room
2
3

SELECT room, (SELECT string_agg(b.id::text, ',' ORDER BY b.id) FROM book b WHERE b.size < avg(s.width)) AS fits FROM shelf s GROUP BY room ORDER BY (SELECT sum(s.width)) DESC
---
room | fits
1 | 3
3 | 1,2,3
2 | NULL

SELECT (SELECT (SELECT sum(s.width + s.room)) FROM book b WHERE b.id = 1) AS deep, (SELECT sum(b.size + s.room) FROM book b) AS inner_one FROM shelf s GROUP BY s.room ORDER BY s.room
---
deep | inner_one
132 | 213
84 | 216
93 | 219

SELECT (SELECT (SELECT sum(s.width))), (SELECT count(DISTINCT s.room) FILTER (WHERE s.width > 30)) FROM shelf s
---
sum | count
300 | 3

SELECT (SELECT s.width + max(s.width)) FROM shelf s
---
ERROR 42803: subquery uses ungrouped column "s.width" from outer query
at 16

SELECT id FROM shelf s WHERE width = (SELECT max(s.width))
---
ERROR 42803: aggregate functions are not allowed in WHERE
at 46

SELECT 1 FROM shelf s, LATERAL (SELECT max(s.width)) AS l
---
ERROR 42803: aggregate functions are not allowed in FROM clause of their own query level
at 40

SELECT sum((SELECT max(s.width))) FROM shelf s
---
ERROR 42803: aggregate function calls cannot be nested
at 20

SELECT 1 FROM shelf s JOIN book b ON (SELECT max(s.width)) > 1
---
ERROR 42803: aggregate functions are not allowed in JOIN conditions
at 46

DROP TABLE shelf, book
---
ok 0
