# Subscripts of jsonb, read.
SELECT ('{"a": {"b": [1, 2, {"c": null}]}}'::jsonb)['a']['b'][2]['c'] AS c, ('[1, 2, 3]'::jsonb)[0] AS first, ('[1, 2, 3]'::jsonb)[-1] AS last, ('[1, 2, 3]'::jsonb)['1'] AS second
---
c | first | last | second
null | 1 | 3 | 2

SELECT ('{"1": "one"}'::jsonb)[1] AS one, ('{"a": 1}'::jsonb)['b'] AS missing, ('[1]'::jsonb)[4] AS beyond, ('[1]'::jsonb)['x'] AS word, ('5'::jsonb)[0] AS scalar, ('{"a": 1}'::jsonb)[NULL] AS nothing
---
one | missing | beyond | word | scalar | nothing
"one" | NULL | NULL | NULL | NULL | NULL

SELECT ('{"a": 1}'::jsonb)['a':'b']
---
ERROR 42804: jsonb subscript does not support slices
at 32

SELECT ('[1]'::jsonb)[0:]
---
ERROR 42804: jsonb subscript does not support slices
at 23

SELECT ('[1]'::jsonb)[1::bigint]
---
ERROR 42804: subscript type bigint is not supported
at 23
hint jsonb subscript must be coercible to either integer or text.

SELECT ('[1]'::jsonb)[1.5]
---
ERROR 42804: subscript type numeric is not supported
at 23
hint jsonb subscript must be coercible to either integer or text.

SELECT ('[1]'::jsonb)[true]
---
ERROR 42804: subscript type boolean is not supported
at 23
hint jsonb subscript must be coercible to either integer or text.

SELECT ('{"a": 1}'::json)['a']
---
ERROR 42804: cannot subscript type json because it does not support subscripting
at 9

SELECT ('[1]'::jsonb)[1::smallint] AS none, ('{"a": 1}'::jsonb)['a'::varchar] AS a
---
none | a
NULL | 1

# Assigned.
CREATE TABLE documents (id int PRIMARY KEY, j jsonb)
---
ok 0

INSERT INTO documents VALUES (1, '{}'), (2, NULL), (3, '[1, 2]'), (4, '{"a": {"b": 1}}')
---
ok 4

UPDATE documents SET j['a'] = '1' WHERE id IN (1, 2) RETURNING *
---
id | j
1 | {"a": 1}
2 | {"a": 1}

UPDATE documents SET j['b']['c'][2]['d'] = '"deep"' WHERE id = 1 RETURNING j
---
j
{"a": 1, "b": {"c": [null, null, {"d": "deep"}]}}

UPDATE documents SET j[4] = '5' WHERE id = 3 RETURNING j
---
j
[1, 2, null, null, 5]

UPDATE documents SET j[-1] = '{"x": 1}' WHERE id = 3 RETURNING j
---
j
[1, 2, null, null, {"x": 1}]

UPDATE documents SET j[0]['y'] = '1' WHERE id = 3
---
ERROR 22023: cannot replace existing key
detail The path assumes key is a composite object, but it is a scalar value.

UPDATE documents SET j[7]['y'][1] = '1' WHERE id = 3 RETURNING j
---
j
[1, 2, null, null, {"x": 1}, null, null, {"y": [null, 1]}]

UPDATE documents SET j['a']['b'] = '2', j['a']['c'] = NULL, j['z'] = to_jsonb(id) WHERE id = 4 RETURNING j
---
j
{"a": {"b": 2, "c": null}, "z": 4}

UPDATE documents SET j['a'] = j['z'] WHERE j['z'] = '4' RETURNING j
---
j
{"a": 4, "z": 4}

UPDATE documents SET j = NULL
---
ok 4

UPDATE documents SET j[2] = '3' WHERE id = 1 RETURNING j
---
j
[null, null, 3]

UPDATE documents SET j['2'] = '3' WHERE id = 2 RETURNING j
---
j
{"2": 3}

UPDATE documents SET j['a'][-3] = '3' WHERE id = 3 RETURNING j
---
j
{"a": [3]}

UPDATE documents SET j['a'][0]['b'][1] = '3' WHERE id = 4 RETURNING j
---
j
{"a": [{"b": [null, 3]}]}

# What is refused.
UPDATE documents SET j = '{"a": 1, "l": [], "n": null}'
---
ok 4

UPDATE documents SET j['a']['b'] = '1'
---
ERROR 22023: cannot replace existing key
detail The path assumes key is a composite object, but it is a scalar value.

UPDATE documents SET j['n']['b'] = '1'
---
ERROR 22023: cannot replace existing key
detail The path assumes key is a composite object, but it is a scalar value.

UPDATE documents SET j['l']['b'] = '1'
---
ERROR 22P02: path element at position 2 is not an integer: "b"

UPDATE documents SET j['l'][-1] = '1'
---
ERROR 22023: path element at position 2 is out of range: -1

UPDATE documents SET j[NULL] = '1'
---
ERROR 22004: jsonb subscript in assignment must not be null

UPDATE documents SET j['a'] = 1
---
ERROR 42804: subscripted assignment to "j" requires type jsonb but expression is of type integer
at 22
hint You will need to rewrite or cast the expression.

UPDATE documents SET j['a'] = 'x'
---
ERROR 22P02: invalid input syntax for type json
at 31
detail Token "x" is invalid.

UPDATE documents SET j['a'] = DEFAULT
---
ERROR 0A000: cannot set an array element to DEFAULT
at 22

UPDATE documents SET j['a':'b'] = '1'
---
ERROR 42804: jsonb subscript does not support slices
at 28

UPDATE documents SET j = '5'
---
ok 4

UPDATE documents SET j['a'] = '1'
---
ERROR 22023: cannot replace existing key
detail The path assumes key is a composite object, but it is a scalar value.

UPDATE documents SET j[0] = '1'
---
ERROR 22023: cannot replace existing key
detail The path assumes key is a composite object, but it is a scalar value.

DELETE FROM documents
---
ok 4

INSERT INTO documents (id, j['a'], j['b'][1]) VALUES (1, '1', '2'), (2, NULL, '{}') RETURNING *
---
id | j
1 | {"a": 1, "b": [null, 2]}
2 | {"a": null, "b": [null, {}]}

INSERT INTO documents (id, j['a']) VALUES (1, '5') ON CONFLICT (id) DO UPDATE SET j['b'] = excluded.j, j['c'] = documents.j['a'] RETURNING j
---
j
{"a": 1, "b": {"a": 5}, "c": 1}

SELECT id, j['a'], (j)['b'] AS b FROM documents WHERE j['a'] IS NOT NULL ORDER BY j['a']
---
id | j | b
2 | null | [null, {}]
1 | 1 | {"a": 5}

DROP TABLE documents
---
ok 0
