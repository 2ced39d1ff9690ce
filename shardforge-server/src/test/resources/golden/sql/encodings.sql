select convert_to('grün', 'latin1'), convert_to('grün', 'UTF-8'), convert_from('\xa4', 'ISO_8859-15'), convert_from('\x835c', 'sjis')
---
convert_to | convert_to | convert_from | convert_from
\x6772fc6e | \x6772c3bc6e | € | ソ

select convert('\xe4', 'latin1', 'utf8'), convert('\xc3a4', 'utf8', 'win1252'), convert('\xd6', 'koi8r', 'win1251'), convert('\x835c', 'SJIS', 'EUC_JP')
---
convert | convert | convert | convert
\xc3a4 | \xe4 | \xe6 | \xa5bd

select convert('\xe4', 'latin1', 'latin2')
---
ERROR 42883: default conversion function for encoding "LATIN1" to "LATIN2" does not exist

select convert('\xe4', 'latin11', 'latin2')
---
ERROR 22023: invalid source encoding name "latin11"

select convert('\xe4', 'latin1', 'latin22')
---
ERROR 22023: invalid destination encoding name "latin22"

select convert('\xff', 'utf8', 'latin1')
---
ERROR 22021: invalid byte sequence for encoding "UTF8": 0xff

select convert_to(chr(8364), 'latin1')
---
ERROR 22P05: character with byte sequence 0xe2 0x82 0xac in encoding "UTF8" has no equivalent in encoding "LATIN1"

select convert_to(chr(8364), 'latin9'), convert_to(chr(8364), 'win1252'), convert_to(chr(8364), 'gbk')
---
convert_to | convert_to | convert_to
\xa4 | \x80 | \x80

select convert_to('a', 'mule_internal')
---
ERROR 42883: default conversion function for encoding "UTF8" to "MULE_INTERNAL" does not exist

select convert_to('a', 'nothing')
---
ERROR 22023: invalid destination encoding name "nothing"

select convert_from('a', 'nothing')
---
ERROR 22023: invalid source encoding name "nothing"

select convert_from('\x81', 'win1252')
---
ERROR 22P05: character with byte sequence 0x81 in encoding "WIN1252" has no equivalent in encoding "UTF8"

select convert_from('\x8320', 'sjis')
---
ERROR 22021: invalid byte sequence for encoding "SJIS": 0x83 0x20

select convert_from('\x8fa1', 'euc_jp')
---
ERROR 22021: invalid byte sequence for encoding "EUC_JP": 0x8f 0xa1

select convert_from('\xff', 'sql_ascii')
---
ERROR 22021: invalid byte sequence for encoding "UTF8": 0xff

select convert_to('ü', 'sql_ascii')
---
convert_to
\xc3bc

select length('\xc3a4c3b6'::bytea, 'utf8'), length('\xc3a4c3b6'::bytea, 'latin1'), length('\x835c'::bytea, 'SJIS')
---
length | length | length
2 | 4 | 1

select length('\xc3'::bytea, 'utf8')
---
ERROR 22021: invalid byte sequence for encoding "UTF8": 0xc3

select length('a'::bytea, 'nothing')
---
ERROR 22023: invalid encoding name "nothing"

select i, pg_encoding_to_char(i), pg_encoding_max_length(i), pg_char_to_encoding(pg_encoding_to_char(i)) = i from generate_series(-1, 42) i order by 1
---
i | pg_encoding_to_char | pg_encoding_max_length | ?column?
-1 | '' | NULL | t
0 | SQL_ASCII | 1 | t
1 | EUC_JP | 3 | t
2 | EUC_CN | 3 | t
3 | EUC_KR | 3 | t
4 | EUC_TW | 4 | t
5 | EUC_JIS_2004 | 3 | t
6 | UTF8 | 4 | t
7 | MULE_INTERNAL | 4 | t
8 | LATIN1 | 1 | t
9 | LATIN2 | 1 | t
10 | LATIN3 | 1 | t
11 | LATIN4 | 1 | t
12 | LATIN5 | 1 | t
13 | LATIN6 | 1 | t
14 | LATIN7 | 1 | t
15 | LATIN8 | 1 | t
16 | LATIN9 | 1 | t
17 | LATIN10 | 1 | t
18 | WIN1256 | 1 | t
19 | WIN1258 | 1 | t
20 | WIN866 | 1 | t
21 | WIN874 | 1 | t
22 | KOI8R | 1 | t
23 | WIN1251 | 1 | t
24 | WIN1252 | 1 | t
25 | ISO_8859_5 | 1 | t
26 | ISO_8859_6 | 1 | t
27 | ISO_8859_7 | 1 | t
28 | ISO_8859_8 | 1 | t
29 | WIN1250 | 1 | t
30 | WIN1253 | 1 | t
31 | WIN1254 | 1 | t
32 | WIN1255 | 1 | t
33 | WIN1257 | 1 | t
34 | KOI8U | 1 | t
35 | SJIS | 2 | t
36 | BIG5 | 2 | t
37 | GBK | 2 | t
38 | UHC | 2 | t
39 | GB18030 | 4 | t
40 | JOHAB | 3 | t
41 | SHIFT_JIS_2004 | 2 | t
42 | '' | NULL | f

select n, pg_char_to_encoding(n) from unnest('{abc,alt,koi8,mskanji,tcvn,vscii,win,win932,"windows-874","iso 8859-16",unicode,"SQL ascii",latin0,""}'::name[]) n
---
n | pg_char_to_encoding
abc | 19
alt | 20
koi8 | 22
mskanji | 35
tcvn | 19
vscii | 19
win | 23
win932 | 35
windows-874 | 21
iso 8859-16 | 17
unicode | 6
SQL ascii | 0
latin0 | -1
'' | -1

select n, c, encode(convert_to(c, n), 'hex') from unnest('{LATIN2,LATIN3,LATIN4,LATIN5,LATIN6,LATIN7,LATIN8,LATIN10,WIN1250,WIN1257,WIN1258}'::name[]) n, unnest('{ş,ŵ,ķ,đ}'::text[]) c where (n, c) in (('LATIN2', 'ş'), ('LATIN5', 'ş'), ('LATIN6', 'ķ'), ('LATIN8', 'ŵ'), ('LATIN10', 'đ'), ('WIN1257', 'ķ'), ('WIN1258', 'đ')) order by 1, 2
---
n | c | encode
LATIN10 | đ | f0
LATIN2 | ş | ba
LATIN5 | ş | fe
LATIN6 | ķ | b6
LATIN8 | ŵ | f0
WIN1257 | ķ | ed
WIN1258 | đ | f0

select client_encoding from (select current_setting('client_encoding') client_encoding) c
---
client_encoding
UTF8

set client_encoding = 'latin11'
---
ERROR 22023: invalid value for parameter "client_encoding": "latin11"

set client_encoding = 'mule_internal'
---
ERROR 0A000: invalid value for parameter "client_encoding": "mule_internal"
detail Conversion between MULE_INTERNAL and UTF8 is not supported.
