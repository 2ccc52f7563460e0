-- A store as the program makes it with schema 4, of an invented department.
BEGIN TRANSACTION;
CREATE TABLE chunks (
	id INTEGER NOT NULL, 
	document VARCHAR(16) NOT NULL, 
	"key" VARCHAR(32) NOT NULL, 
	kind VARCHAR(12) NOT NULL, 
	subject TEXT NOT NULL, 
	heading TEXT NOT NULL, 
	text TEXT NOT NULL, 
	body TEXT NOT NULL, 
	place JSON NOT NULL, 
	table_index INTEGER, 
	row_index INTEGER, 
	PRIMARY KEY (id), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
INSERT INTO "chunks" VALUES(1,'0c2f860f8d5f344d','151758cb3c09b5e01ea182f57e5ae563','paragraph','第三部分2024年部门预算情况说明','第三部分 2024年部门预算情况说明','2024年某市测试局  2024年教育支出7.00万元，比上年增加1.00万元，主要原因是新增智慧课堂平台。','2024年教育支出7.00万元，比上年增加1.00万元，主要原因是新增智慧课堂平台。','{"line": 17}',NULL,NULL);
INSERT INTO "chunks" VALUES(2,'0c2f860f8d5f344d','e3c030d0d137ca5e2ac7ac41969b1bdd','row','合计','支出总体情况表','2024年某市测试局《支出总体情况表》  合计：合计 9.00，基本支出 5.00，项目支出 4.00（万元）','合计：合计 9.00，基本支出 5.00，项目支出 4.00（万元）','{"line": 11}',0,0);
INSERT INTO "chunks" VALUES(3,'0c2f860f8d5f344d','74291e43a6c15b9a659b236262746e56','row','一、教育支出','支出总体情况表','2024年某市测试局《支出总体情况表》  一、教育支出：合计 7.00，基本支出 4.00，项目支出 3.00（万元）','一、教育支出：合计 7.00，基本支出 4.00，项目支出 3.00（万元）','{"line": 12}',0,1);
INSERT INTO "chunks" VALUES(4,'0c2f860f8d5f344d','8016fb8ecaf51ef84fd364871bf9a4de','row','二、卫生健康支出','支出总体情况表','2024年某市测试局《支出总体情况表》  二、卫生健康支出：合计 2.00，基本支出 1.00，项目支出 1.00（万元）','二、卫生健康支出：合计 2.00，基本支出 1.00，项目支出 1.00（万元）','{"line": 13}',0,2);
CREATE TABLE documents (
	id VARCHAR(16) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	title TEXT NOT NULL, 
	department TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	kind TEXT NOT NULL, 
	parsed TEXT NOT NULL, 
	indexed_at TEXT NOT NULL, 
	path TEXT, 
	added INTEGER NOT NULL, 
	repeats VARCHAR(16), 
	superseded_by VARCHAR(16), 
	source_url TEXT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(sha256) REFERENCES originals (sha256)
);
INSERT INTO "documents" VALUES('cdafcb770618fadc','cdafcb770618fadc5aee82c98a2dc9910ae1eda65eb5978c797b8b7088f53e69','2024年某市测试局部门预算','某市测试局',2024,'部门预算','{"title":"2024年某市测试局部门预算","department":"某市测试局","year":2024,"kind":"部门预算","budget_units":["某市测试局"],"tables":[{"number":null,"title":"支出总体情况表","kind":"expenditure_summary","unit":"万元","columns":[["合计"],["基本支出"],["项目支出"]],"rows":[{"label":"合计","path":["合计"],"code":null,"level":0,"role":"total","side":null,"block":0,"budget_unit":null,"cells":["9.00","5.00","4.00"],"values":["9.00","5.00","4.00"],"texts":{},"units":[],"place":{"line":11,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"一、教育支出","path":["一、教育支出"],"code":null,"level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["6.90","3.90","3.00"],"values":["6.90","3.90","3.00"],"texts":{},"units":[],"place":{"line":12,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"二、卫生健康支出","path":["二、卫生健康支出"],"code":null,"level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["2.00","1.00","1.00"],"values":["2.00","1.00","1.00"],"texts":{},"units":[],"place":{"line":13,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}}],"notes":[],"note_places":[],"place":{"line":10,"page":null,"box":null,"sheet":null,"cell":null,"turned":null}}],"sections":[{"path":["第三部分 2024年部门预算情况说明"],"text":"2024年教育支出7.00万元，比上年增加1.00万元，主要原因是新增智慧课堂平台。","place":{"line":17,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"joins":[],"confidences":[]}]}','2026-11-27T14:06:06+00:00',NULL,1,NULL,'0c2f860f8d5f344d','https://example.test/2024.html');
INSERT INTO "documents" VALUES('0c2f860f8d5f344d','0c2f860f8d5f344d43fa650f3a6a80a7df0d5b28a0e1ad7ef816039cc853e03a','2024年某市测试局部门预算','某市测试局',2024,'部门预算','{"title":"2024年某市测试局部门预算","department":"某市测试局","year":2024,"kind":"部门预算","budget_units":["某市测试局"],"tables":[{"number":null,"title":"支出总体情况表","kind":"expenditure_summary","unit":"万元","columns":[["合计"],["基本支出"],["项目支出"]],"rows":[{"label":"合计","path":["合计"],"code":null,"level":0,"role":"total","side":null,"block":0,"budget_unit":null,"cells":["9.00","5.00","4.00"],"values":["9.00","5.00","4.00"],"texts":{},"units":[],"place":{"line":11,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"一、教育支出","path":["一、教育支出"],"code":null,"level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["7.00","4.00","3.00"],"values":["7.00","4.00","3.00"],"texts":{},"units":[],"place":{"line":12,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"二、卫生健康支出","path":["二、卫生健康支出"],"code":null,"level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["2.00","1.00","1.00"],"values":["2.00","1.00","1.00"],"texts":{},"units":[],"place":{"line":13,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}}],"notes":[],"note_places":[],"place":{"line":10,"page":null,"box":null,"sheet":null,"cell":null,"turned":null}}],"sections":[{"path":["第三部分 2024年部门预算情况说明"],"text":"2024年教育支出7.00万元，比上年增加1.00万元，主要原因是新增智慧课堂平台。","place":{"line":17,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"joins":[],"confidences":[]}]}','2026-11-27T14:06:06+00:00',NULL,2,NULL,NULL,'https://example.test/2024.html');
CREATE TABLE facts (
	id INTEGER NOT NULL, 
	document VARCHAR(16) NOT NULL, 
	department TEXT NOT NULL, 
	year INTEGER NOT NULL, 
	source VARCHAR(8) NOT NULL, 
	table_kind VARCHAR(40) NOT NULL, 
	table_number VARCHAR(8), 
	table_title TEXT NOT NULL, 
	table_index INTEGER NOT NULL, 
	row_index INTEGER NOT NULL, 
	column_index INTEGER NOT NULL, 
	label TEXT NOT NULL, 
	name TEXT NOT NULL, 
	path JSON NOT NULL, 
	code VARCHAR(20), 
	level INTEGER NOT NULL, 
	role VARCHAR(10) NOT NULL, 
	side VARCHAR(4), 
	budget_unit TEXT, 
	"column" JSON NOT NULL, 
	column_name TEXT NOT NULL, 
	facets JSON NOT NULL, 
	text TEXT NOT NULL, 
	value TEXT, 
	unit VARCHAR(20), 
	place JSON NOT NULL, 
	confidence FLOAT, 
	PRIMARY KEY (id), 
	FOREIGN KEY(document) REFERENCES documents (id)
);
INSERT INTO "facts" VALUES(1,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,0,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','9.00','9.00','万元','{"line": 11}',NULL);
INSERT INTO "facts" VALUES(2,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,1,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','5.00','5.00','万元','{"line": 11}',NULL);
INSERT INTO "facts" VALUES(3,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,2,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','4.00','4.00','万元','{"line": 11}',NULL);
INSERT INTO "facts" VALUES(4,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,0,'一、教育支出','教育支出','["\u4e00\u3001\u6559\u80b2\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','7.00','7.00','万元','{"line": 12}',NULL);
INSERT INTO "facts" VALUES(5,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,1,'一、教育支出','教育支出','["\u4e00\u3001\u6559\u80b2\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','4.00','4.00','万元','{"line": 12}',NULL);
INSERT INTO "facts" VALUES(6,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,2,'一、教育支出','教育支出','["\u4e00\u3001\u6559\u80b2\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','3.00','3.00','万元','{"line": 12}',NULL);
INSERT INTO "facts" VALUES(7,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,0,'二、卫生健康支出','卫生健康支出','["\u4e8c\u3001\u536b\u751f\u5065\u5eb7\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','2.00','2.00','万元','{"line": 13}',NULL);
INSERT INTO "facts" VALUES(8,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,1,'二、卫生健康支出','卫生健康支出','["\u4e8c\u3001\u536b\u751f\u5065\u5eb7\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','1.00','1.00','万元','{"line": 13}',NULL);
INSERT INTO "facts" VALUES(9,'0c2f860f8d5f344d','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,2,'二、卫生健康支出','卫生健康支出','["\u4e8c\u3001\u536b\u751f\u5065\u5eb7\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','1.00','1.00','万元','{"line": 13}',NULL);
INSERT INTO "facts" VALUES(10,'0c2f860f8d5f344d','某市测试局',2024,'figure','prose',NULL,'第三部分 2024年部门预算情况说明',-1,0,0,'教育支出','教育支出','["\u7b2c\u4e09\u90e8\u5206 2024\u5e74\u90e8\u95e8\u9884\u7b97\u60c5\u51b5\u8bf4\u660e", "\u6559\u80b2\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'[]','','[]','7.00万元','7.00','万元','{"line": 17}',NULL);
INSERT INTO "facts" VALUES(11,'0c2f860f8d5f344d','某市测试局',2024,'figure','prose',NULL,'第三部分 2024年部门预算情况说明',-1,1,0,'教育支出','教育支出','["\u7b2c\u4e09\u90e8\u5206 2024\u5e74\u90e8\u95e8\u9884\u7b97\u60c5\u51b5\u8bf4\u660e", "\u6559\u80b2\u652f\u51fa"]',NULL,1,'item',NULL,NULL,'["\u6bd4\u4e0a\u5e74\u589e\u51cf"]','比上年增减','[]','1.00万元','1.00','万元','{"line": 17}',NULL);
CREATE TABLE feedback (
	id INTEGER NOT NULL, 
	given_at TEXT NOT NULL, 
	good BOOLEAN NOT NULL, 
	question TEXT NOT NULL, 
	answer TEXT NOT NULL, 
	remark TEXT NOT NULL, 
	"plan" JSON, 
	PRIMARY KEY (id)
);
INSERT INTO "feedback" VALUES(1,'2026-11-27T14:06:06+00:00',0,'教育支出是多少','7.00万元','要加上合计','{"parts": []}');
CREATE TABLE meta (
	"key" VARCHAR(50) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','4');
INSERT INTO "meta" VALUES('used','1');
INSERT INTO "meta" VALUES('generation','3');
CREATE TABLE originals (
	sha256 VARCHAR(64) NOT NULL, 
	file_name TEXT NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "originals" VALUES('cdafcb770618fadc5aee82c98a2dc9910ae1eda65eb5978c797b8b7088f53e69','旧版.txt',X'32303234E5B9B40AE69F90E5B882E6B58BE8AF95E5B180E983A8E997A8E9A284E7AE970A0AE7ACACE4BA8CE983A8E588862032303234E5B9B4E983A8E997A8E9A284E7AE97E8A1A80A0AE694AFE587BAE680BBE4BD93E68385E586B5E8A1A80A0AE58D95E4BD8DEFBC9AE4B887E585830A0AE9A1B9E79BAE09E59088E8AEA109E59FBAE69CACE694AFE587BA09E9A1B9E79BAEE694AFE587BA0AE59088E8AEA109392E303009352E303009342E30300AE4B880E38081E69599E882B2E694AFE587BA09362E393009332E393009332E30300AE4BA8CE38081E58DABE7949FE581A5E5BAB7E694AFE587BA09322E303009312E303009312E30300A0AE7ACACE4B889E983A8E588862032303234E5B9B4E983A8E997A8E9A284E7AE97E68385E586B5E8AFB4E6988E0A0A32303234E5B9B4E69599E882B2E694AFE587BA372E3030E4B887E58583EFBC8CE6AF94E4B88AE5B9B4E5A29EE58AA0312E3030E4B887E58583EFBC8CE4B8BBE8A681E58E9FE59BA0E698AFE696B0E5A29EE699BAE685A7E8AFBEE5A082E5B9B3E58FB0E380820A');
INSERT INTO "originals" VALUES('0c2f860f8d5f344d43fa650f3a6a80a7df0d5b28a0e1ad7ef816039cc853e03a','预算.txt',X'32303234E5B9B40AE69F90E5B882E6B58BE8AF95E5B180E983A8E997A8E9A284E7AE970A0AE7ACACE4BA8CE983A8E588862032303234E5B9B4E983A8E997A8E9A284E7AE97E8A1A80A0AE694AFE587BAE680BBE4BD93E68385E586B5E8A1A80A0AE58D95E4BD8DEFBC9AE4B887E585830A0AE9A1B9E79BAE09E59088E8AEA109E59FBAE69CACE694AFE587BA09E9A1B9E79BAEE694AFE587BA0AE59088E8AEA109392E303009352E303009342E30300AE4B880E38081E69599E882B2E694AFE587BA09372E303009342E303009332E30300AE4BA8CE38081E58DABE7949FE581A5E5BAB7E694AFE587BA09322E303009312E303009312E30300A0AE7ACACE4B889E983A8E588862032303234E5B9B4E983A8E997A8E9A284E7AE97E68385E586B5E8AFB4E6988E0A0A32303234E5B9B4E69599E882B2E694AFE587BA372E3030E4B887E58583EFBC8CE6AF94E4B88AE5B9B4E5A29EE58AA0312E3030E4B887E58583EFBC8CE4B8BBE8A681E58E9FE59BA0E698AFE696B0E5A29EE699BAE685A7E8AFBEE5A082E5B9B3E58FB0E380820A');
CREATE INDEX facts_by_table ON facts (document, table_kind, column_name);
CREATE INDEX facts_by_code ON facts (code, document);
CREATE INDEX facts_by_name ON facts (name, document);
CREATE INDEX ix_chunks_document ON chunks (document);
CREATE INDEX ix_chunks_key ON chunks ("key");
COMMIT;
