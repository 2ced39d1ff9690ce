select '$.a[*] ? (@.x > 1 && @.y like_regex "^a.*b$" flag "i").z.size()'::jsonpath
---
jsonpath
$."a"[*]?(@."x" > 1 && @."y" like_regex "^a.*b$" flag "i")."z".size()

select 'strict $."a b".*.**{2 to last}[1, 2 to last, last - 1]'::jsonpath
---
jsonpath
strict $."a b".*.**{2 to last}[1,2 to last,last - 1]

select '($.a + 3) * -$.b[0] == 7 || !(exists($.c)) && ($.d starts with "x") is unknown'::jsonpath
---
jsonpath
(($."a" + 3) * -$."b"[0] == 7 || !(exists ($."c")) && ($."d" starts with "x") is unknown)

select jsonb_path_query('{"a": [1,2,3,{"b": 5}], "c": "hello", "d": null}', '$.a[*]')
---
jsonb_path_query
1
2
3
{"b": 5}

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.a ? (@ > 1)')
---
jsonb_path_query
2
3

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', 'strict $.a ? (@ > 1)')
---
jsonb_path_query

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.**')
---
jsonb_path_query
{"a": [1, 2, 3, {"b": 5}]}
[1, 2, 3, {"b": 5}]
1
2
3
{"b": 5}
5

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.**{2}')
---
jsonb_path_query
1
2
3
{"b": 5}

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.**{last}')
---
jsonb_path_query
1
2
3
5

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.a[last]')
---
jsonb_path_query
{"b": 5}

select jsonb_path_query('{"a": [1,2,3,{"b": 5}]}', '$.a[0 to 1, last].type()')
---
jsonb_path_query
"number"
"number"
"object"

select jsonb_path_query('[1,[2,3],"4.5"]', '$[*].size()')
---
jsonb_path_query
1
2
1

select jsonb_path_query('["4.5", 2]', '$[*].double()')
---
jsonb_path_query
4.5
2

select jsonb_path_query('[1.5,-2.5]', '-$[*].abs()')
---
jsonb_path_query
-1.5
-2.5

select jsonb_path_query('[1.5,-2.5]', '$[*].ceiling()')
---
jsonb_path_query
2
-2

select jsonb_path_query('{"a": 5}', '$.a * 2 - 1')
---
jsonb_path_query
9

select jsonb_path_query('{"a": 5}', '$.a / 0')
---
ERROR 22012: division by zero

select jsonb_path_query('{"a": 5}', '$.a / 0', '{}', true)
---
jsonb_path_query

select jsonb_path_query('{"a": 5}', 'strict $.b')
---
ERROR 2203A: JSON object does not contain key "b"

select jsonb_path_query('{"a": 5}', 'strict $[*]')
---
ERROR 22039: jsonpath wildcard array accessor can only be applied to an array

select jsonb_path_query('{"a": 5}', 'strict $.a.b')
---
ERROR 2203A: jsonpath member accessor can only be applied to an object

select jsonb_path_query('[1]', 'strict $[3]')
---
ERROR 22033: jsonpath array subscript is out of bounds

select jsonb_path_query('[1,2]', '$["a"]')
---
ERROR 22033: jsonpath array subscript is not a single numeric value

select jsonb_path_exists('{"a": 5}', '$.a ? (@ == $x)', '{"x": 5}')
---
jsonb_path_exists
t

select jsonb_path_exists('{"a": 5}', '$.a ? (@ == $y)', '{"x": 5}')
---
ERROR 42704: could not find jsonpath variable "y"

select jsonb_path_match('{"a": 5}', '$.a > 3')
---
jsonb_path_match
t

select jsonb_path_match('{"a": 5}', '$.a')
---
ERROR 22038: single boolean result is expected

select jsonb_path_match('{"a": 5}', '$.a == "x"')
---
jsonb_path_match
NULL

select jsonb_path_query_array('{"a": [3,1,2]}', '$.a[*] ? (@ >= 2)')
---
jsonb_path_query_array
[3, 2]

select jsonb_path_query_first('{"a": [3,1,2]}', '$.a[*] ? (@ < 3)')
---
jsonb_path_query_first
1

select jsonb_path_query_first('{"a": [3,1,2]}', '$.a[*] ? (@ < 0)')
---
jsonb_path_query_first
NULL

select '{"a": [1,2]}'::jsonb @? '$.a[*] ? (@ > 1)', '{"a": [1,2]}'::jsonb @@ '$.a[*] > 3', '{"a": [1,2]}'::jsonb @? 'strict $.b', '{"a": 1}'::jsonb @@ '$.a'
---
?column? | ?column? | ?column? | ?column?
t | f | NULL | NULL

select jsonb_path_query('["abc", "Abd", "x\ny"]', '$[*] ? (@ like_regex "^ab")')
---
jsonb_path_query
"abc"

select jsonb_path_query('["abc", "Abd"]', '$[*] ? (@ like_regex "^AB" flag "i")')
---
jsonb_path_query
"abc"
"Abd"

select jsonb_path_query('["a.c", "abc"]', '$[*] ? (@ like_regex "a.c" flag "q")')
---
jsonb_path_query
"a.c"

select jsonb_path_query('["x\ny"]', '$[*] ? (@ like_regex "x.y")')
---
jsonb_path_query

select jsonb_path_query('["x\ny"]', '$[*] ? (@ like_regex "x.y" flag "s")')
---
jsonb_path_query
"x\ny"

select jsonb_path_query('["x\ny"]', '$[*] ? (@ like_regex "^y" flag "m")')
---
jsonb_path_query
"x\ny"

select jsonb_path_query('[{"a":1},{"b":2}]', '$[*] ? (exists(@.a))')
---
jsonb_path_query
{"a": 1}

select jsonb_path_query('[null, 1, "a", true, [1], {}]', '$[*] ? (@ == null)')
---
jsonb_path_query
null

select jsonb_path_query('[null, 1, "a", true, [1], {}]', '$[*] ? (@ != null)')
---
jsonb_path_query
1
"a"
true
1
{}

select jsonb_path_query('[null, 1, "a", true]', '$[*] ? ((@ > 0) is unknown)')
---
jsonb_path_query
"a"
true

select jsonb_path_query('[1, "a"]', '$[*] > 0')
---
jsonb_path_query
true

select jsonb_path_query('[1, "a"]', 'strict $[*] > 0')
---
jsonb_path_query
null

select jsonb_path_query('[[1,2],[3]]', '$[*][0]')
---
jsonb_path_query
1
3

select jsonb_path_query('{"a": {"b": 1}, "c": {"b": [2,3]}}', '$.*.b')
---
jsonb_path_query
1
[2, 3]

select jsonb_path_query('{"a": {"b": 1}, "c": {"b": [2,3]}}', '$.*.b ? (@ > 1)')
---
jsonb_path_query
2
3

select jsonb_path_query('{"a b": 1, "$x": 2}', '$."a b"')
---
jsonb_path_query
1

select jsonb_path_query('1', '$ + "a"')
---
ERROR 22038: right operand of jsonpath operator + is not a single numeric value

select jsonb_path_query('[1,2]', '$ + 1')
---
ERROR 22038: left operand of jsonpath operator + is not a single numeric value

select jsonb_path_query('"a"', '-$')
---
ERROR 2203B: operand of unary jsonpath operator - is not a numeric value

select jsonb_path_query('{}', '$ ? (@.a.b.c == 1)')
---
jsonb_path_query

select '$.a.'::jsonpath
---
ERROR 42601: syntax error at end of jsonpath input
at 8

select '$ ? (@.a)'::jsonpath
---
ERROR 42601: syntax error at or near ")" of jsonpath input
at 8

select '@.a'::jsonpath
---
ERROR 42601: @ is not allowed in root expressions
at 8

select 'last'::jsonpath
---
ERROR 42601: LAST is allowed only in array subscripts
at 8

select ''::jsonpath
---
ERROR 22P02: invalid input syntax for type jsonpath: ""
at 8

select '$ ? (@ like_regex "a" flag "z")'::jsonpath
---
ERROR 42601: invalid input syntax for type jsonpath
at 8
detail Unrecognized flag character "z" in LIKE_REGEX predicate.

select '1.5e3 + .5'::jsonpath, '"a\u0041\n"'::jsonpath, '$a'::jsonpath, '$."a"'::jsonpath, '- 5'::jsonpath, '-(5 + $.a)'::jsonpath, '(1).type()'::jsonpath
---
jsonpath | jsonpath | jsonpath | jsonpath | jsonpath | jsonpath | jsonpath
(1500 + 0.5) | "aA\n" | $"a" | $."a" | -5 | (-(5 + $."a")) | (1).type()

select 'true'::jsonpath, '$.true'::jsonpath, '$.type'::jsonpath, '$.last'::jsonpath, 'lax $'::jsonpath
---
jsonpath | jsonpath | jsonpath | jsonpath | jsonpath
true | $."true" | $."type" | $."last" | $

select jsonb_path_query('{"a":1}', '$', '[1]')
---
ERROR 22023: "vars" argument is not an object
detail Jsonpath parameters should be encoded as key-value pairs of "vars" object.

select pg_typeof('$'::jsonpath)
---
pg_typeof
jsonpath

create table jp (id int primary key, p jsonpath)
---
ok 0

insert into jp values (1, '$.a'), (2, null)
---
ok 2

select * from jp order by id
---
id | p
1 | $."a"
2 | NULL

drop table jp
---
ok 0

select jsonb_path_query('[1,2,3]', '$[$i]', '{"i": 1.9}')
---
jsonb_path_query
2

select jsonb_path_query('[1,2,3]', '$[-1]')
---
jsonb_path_query

select jsonb_path_query('[1,2,3]', '$[5]')
---
jsonb_path_query

select jsonb_path_query('5', '$[0]')
---
jsonb_path_query
5

select jsonb_path_query('{"a":[1,2]}', '$.a.size() + 1')
---
jsonb_path_query
3

select jsonb_path_query_array('[1, 2, 3]', '$[*] ? (@ > $min && @ < $max)', '{"min": 1, "max": 3}')
---
jsonb_path_query_array
[2]

select id, jsonb_path_query(d, '$.tags[*]') from (values (1, '{"tags": ["a", "b"]}'::jsonb), (2, '{}')) v(id, d) order by 1, 2
---
id | jsonb_path_query
1 | "a"
1 | "b"

select d from (values ('{"a": {"b": 2}}'::jsonb), ('{"a": {"b": 5}}')) v(d) where d @@ '$.a.b > 3'
---
d
{"a": {"b": 5}}

select d from (values ('{"a": {"b": 2}}'::jsonb), ('{"a": {"b": 5}}')) v(d) where d @? '$.a ? (@.b < 3)'
---
d
{"a": {"b": 2}}

select jsonb_path_exists_tz('{"a": 1}', '$.a')
---
jsonb_path_exists_tz
t

select '$.a'::jsonpath = '$.a'::jsonpath
---
ERROR 42883: operator does not exist: jsonpath = jsonpath
at 24
hint No operator matches the given name and argument types. You might need to add explicit type casts.

select jsonb_path_query('{"a": 1, "b": [1, 2], "c": {"a": "bbb"}}', '$.keyvalue()')
---
jsonb_path_query
{"id": 0, "key": "a", "value": 1}
{"id": 0, "key": "b", "value": [1, 2]}
{"id": 0, "key": "c", "value": {"a": "bbb"}}

select jsonb_path_query('[{"a": 1, "b": [1, 2]}, {"c": {"a": "bbb"}}]', '$.keyvalue().key')
---
jsonb_path_query
"a"
"b"
"c"

select jsonb_path_query('{"a": 1}', '$.keyvalue() ? (@.value == 1).key')
---
jsonb_path_query
"a"

select jsonb_path_query('[1]', '$.keyvalue()')
---
ERROR 2203C: jsonpath item method .keyvalue() can only be applied to an object

select jsonb_path_query('[{"a": 1}]', 'strict $.keyvalue()')
---
ERROR 2203C: jsonpath item method .keyvalue() can only be applied to an object

select '$.keyvalue().value'::jsonpath
---
jsonpath
$.keyvalue()."value"
