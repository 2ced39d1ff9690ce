# Whole rows of a table as values.
CREATE TABLE w (id int PRIMARY KEY, s text, j jsonb)
---
ok 0

INSERT INTO w VALUES (1, 'a b', '{"x": 1}'), (2, NULL, NULL)
---
ok 2

SELECT count(w.*), count(w), count(public.w.*) FROM w
---
count | count | count
2 | 2 | 2

SELECT to_jsonb(w), to_jsonb(w.*), row_to_json(w.*) FROM w ORDER BY id
---
to_jsonb | to_jsonb | row_to_json
{"j": {"x": 1}, "s": "a b", "id": 1} | {"j": {"x": 1}, "s": "a b", "id": 1} | {"id":1,"s":"a b","j":{"x": 1}}
{"j": null, "s": null, "id": 2} | {"j": null, "s": null, "id": 2} | {"id":2,"s":null,"j":null}

SELECT jsonb_agg(w.* ORDER BY id), json_agg(w ORDER BY id) FROM w
---
jsonb_agg | json_agg
[{"j": {"x": 1}, "s": "a b", "id": 1}, {"j": null, "s": null, "id": 2}] | [{"id":1,"s":"a b","j":{"x": 1}}, \n {"id":2,"s":null,"j":null}]

SELECT w IS NULL AS a, w.* IS NULL AS b, w IS NOT NULL AS c, w.* IS NOT NULL AS d FROM w ORDER BY id
---
a | b | c | d
f | f | t | t
f | f | f | f

SELECT w.*::text, concat(w.*), coalesce(w.*, NULL) FROM w ORDER BY id
---
w | concat | coalesce
(1,"a b","{""x"": 1}") | (1,"a b","{""x"": 1}") | (1,"a b","{""x"": 1}")
(2,,) | (2,,) | (2,,)

SELECT jsonb_build_object('w', w.*) FROM w ORDER BY id
---
jsonb_build_object
{"w": {"j": {"x": 1}, "s": "a b", "id": 1}}
{"w": {"j": null, "s": null, "id": 2}}

SELECT ROW(w.*), ROW(w.*, 1), ROW(0, w) FROM w ORDER BY id
---
row | row | row
(1,"a b","{""x"": 1}") | (1,"a b","{""x"": 1}",1) | (0,"(1,""a b"",""{""""x"""": 1}"")")
(2,,) | (2,,,1) | (0,"(2,,)")

SELECT ROW(w.id, w.s) = ROW(x.id, x.s) FROM w, w x WHERE w.id = 1 AND x.id = 1
---
?column?
t

UPDATE w SET s = 'q' WHERE id = 1 RETURNING to_jsonb(w.*), w
---
to_jsonb | w
{"j": {"x": 1}, "s": "q", "id": 1} | (1,q,"{""x"": 1}")

SELECT to_jsonb(x.*) FROM (SELECT id, s FROM w) x ORDER BY x.id
---
to_jsonb
{"s": "q", "id": 1}
{"s": null, "id": 2}

WITH x AS (SELECT id AS n FROM w) SELECT row_to_json(x.*) FROM x ORDER BY n
---
row_to_json
{"n":1}
{"n":2}

# A row that an outer join does not have is null.
SELECT a.id, count(b.*), count(b) FROM w a LEFT JOIN w b ON a.id = b.id + 1 GROUP BY a.id ORDER BY 1
---
id | count | count
1 | 0 | 0
2 | 1 | 1

SELECT b, to_jsonb(b.*), b IS NULL, b.* IS NOT NULL FROM w a LEFT JOIN w b ON a.id = b.id + 1 ORDER BY a.id
---
b | to_jsonb | ?column? | ?column?
NULL | NULL | t | f
(1,q,"{""x"": 1}") | {"j": {"x": 1}, "s": "q", "id": 1} | f | t

SELECT (b).id, (b).s, ROW(b.*) FROM w a LEFT JOIN w b ON a.id = b.id + 1 ORDER BY a.id
---
id | s | row
NULL | NULL | (,,)
1 | q | (1,q,"{""x"": 1}")

SELECT row_to_json(a.*), row_to_json(x.*) FROM w a FULL JOIN (SELECT id + 1 AS id FROM w) x ON a.id = x.id ORDER BY a.id, x.id
---
row_to_json | row_to_json
{"id":1,"s":"q","j":{"x": 1}} | NULL
{"id":2,"s":null,"j":null} | {"id":2}
NULL | {"id":3}

SELECT count(nobody.*) FROM w
---
ERROR 42P01: missing FROM-clause entry for table "nobody"
at 14

DROP TABLE w
---
ok 0

create table whole (a int, b int)
---
ok 0

insert into whole values (1, 2), (3, null)
---
ok 2

select w from whole w where w in (values (w)) order by a
---
w
(1,2)
(3,)

select w from whole w where w in (select v from whole v) order by a
---
w
(1,2)
(3,)

select w from whole w where w = any (select v from whole v where v.a = 3)
---
w
(3,)

select w from whole w where w not in (select v from whole v where v.a = 1)
---
w
(3,)

select w from whole w where row(1, 2) in (select v from whole v)
---
ERROR 42601: subquery has too few columns
at 39

select w from whole w where row(w) in (select v from whole v) order by a
---
w
(1,2)
(3,)

select v from (values (1, 2)) v (x, y) where v in (values (v))
---
v
(1,2)

select has_column_privilege('pg_authid', 'nosuchcol', 'select')
---
ERROR 42703: column "nosuchcol" of relation "pg_authid" does not exist

drop table whole
---
ok 0
