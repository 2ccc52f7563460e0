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
INSERT INTO "chunks" VALUES(1,'d76fa6538443bc0e','8cde54e6d4c61108236be6c490665950','paragraph','部门预算构成','一、部门预算构成','一、部门预算构成 下属单位具体包括：某市服务中心、某市数据中心。','下属单位具体包括：某市服务中心、某市数据中心。','{"line": 8}',NULL,NULL);
INSERT INTO "chunks" VALUES(2,'d76fa6538443bc0e','45322341c33566068c7fb0947cba27cf','row','合计','支出总体情况表','《支出总体情况表》  合计：合计，基本支出，项目支出（万元）','合计：合计 100.00，基本支出 70.00，项目支出 30.00（万元）','{"line": 17}',0,0);
INSERT INTO "chunks" VALUES(3,'d76fa6538443bc0e','ea7286242bd88e5cc239e59348739bc6','row','一般公共服务支出','支出总体情况表','《支出总体情况表》  201一般公共服务支出：合计，基本支出，项目支出（万元）','201一般公共服务支出：合计 80.00，基本支出 50.00，项目支出 30.00（万元）','{"line": 18}',0,1);
INSERT INTO "chunks" VALUES(4,'d76fa6538443bc0e','371917d64dbadfc4d825c666a4e7e3bb','row','教育支出','支出总体情况表','《支出总体情况表》  205教育支出：合计，基本支出（万元）','205教育支出：合计 20.00，基本支出 20.00（万元）','{"line": 19}',0,2);
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
	changed INTEGER NOT NULL, 
	PRIMARY KEY (id), 
	FOREIGN KEY(sha256) REFERENCES originals (sha256)
);
INSERT INTO "documents" VALUES('d76fa6538443bc0e','d76fa6538443bc0e720ed64a351849027bad2277e0d1ca438b70769bf821862b','2024年某市测试局部门预算','某市测试局',2024,'部门预算','{"title":"2024年某市测试局部门预算","department":"某市测试局","year":2024,"kind":"部门预算","budget_units":["某市测试局","某市服务中心","某市数据中心"],"tables":[{"number":null,"title":"支出总体情况表","kind":"expenditure_summary","unit":"万元","columns":[["合计"],["基本支出"],["项目支出"]],"rows":[{"label":"合计","path":["合计"],"code":null,"level":0,"role":"total","side":null,"block":0,"budget_unit":null,"cells":["100.00","70.00","30.00"],"values":["100.00","70.00","30.00"],"texts":{},"units":[],"place":{"line":17,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"一般公共服务支出","path":["一般公共服务支出"],"code":"201","level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["80.00","50.00","30.00"],"values":["80.00","50.00","30.00"],"texts":{},"units":[],"place":{"line":18,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}},{"label":"教育支出","path":["教育支出"],"code":"205","level":1,"role":"item","side":null,"block":0,"budget_unit":null,"cells":["20.00","20.00","0.00"],"values":["20.00","20.00","0.00"],"texts":{},"units":[],"place":{"line":19,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"places":[null,null,null],"confidences":[null,null,null],"text_confidences":{}}],"notes":[],"note_places":[],"place":{"line":15,"page":null,"box":null,"sheet":null,"cell":null,"turned":null}}],"sections":[{"path":["第一部分 某市测试局概况","一、部门预算构成"],"text":"下属单位具体包括：某市服务中心、某市数据中心。","place":{"line":8,"page":null,"box":null,"sheet":null,"cell":null,"turned":null},"joins":[],"confidences":[]}]}','2026-11-27T14:16:43+00:00',NULL,1,NULL,NULL,NULL,1);
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
INSERT INTO "facts" VALUES(1,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,0,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','100.00','100.00','万元','{"line": 17}',NULL);
INSERT INTO "facts" VALUES(2,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,1,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','70.00','70.00','万元','{"line": 17}',NULL);
INSERT INTO "facts" VALUES(3,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,0,2,'合计','合计','["\u5408\u8ba1"]',NULL,0,'total',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','30.00','30.00','万元','{"line": 17}',NULL);
INSERT INTO "facts" VALUES(4,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,0,'一般公共服务支出','一般公共服务支出','["\u4e00\u822c\u516c\u5171\u670d\u52a1\u652f\u51fa"]','201',1,'item',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','80.00','80.00','万元','{"line": 18}',NULL);
INSERT INTO "facts" VALUES(5,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,1,'一般公共服务支出','一般公共服务支出','["\u4e00\u822c\u516c\u5171\u670d\u52a1\u652f\u51fa"]','201',1,'item',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','50.00','50.00','万元','{"line": 18}',NULL);
INSERT INTO "facts" VALUES(6,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,1,2,'一般公共服务支出','一般公共服务支出','["\u4e00\u822c\u516c\u5171\u670d\u52a1\u652f\u51fa"]','201',1,'item',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','30.00','30.00','万元','{"line": 18}',NULL);
INSERT INTO "facts" VALUES(7,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,0,'教育支出','教育支出','["\u6559\u80b2\u652f\u51fa"]','205',1,'item',NULL,NULL,'["\u5408\u8ba1"]','','["\u652f\u51fa"]','20.00','20.00','万元','{"line": 19}',NULL);
INSERT INTO "facts" VALUES(8,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,1,'教育支出','教育支出','["\u6559\u80b2\u652f\u51fa"]','205',1,'item',NULL,NULL,'["\u57fa\u672c\u652f\u51fa"]','基本支出','["\u652f\u51fa"]','20.00','20.00','万元','{"line": 19}',NULL);
INSERT INTO "facts" VALUES(9,'d76fa6538443bc0e','某市测试局',2024,'cell','expenditure_summary',NULL,'支出总体情况表',0,2,2,'教育支出','教育支出','["\u6559\u80b2\u652f\u51fa"]','205',1,'item',NULL,NULL,'["\u9879\u76ee\u652f\u51fa"]','项目支出','["\u652f\u51fa"]','0.00','0.00','万元','{"line": 19}',NULL);
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
CREATE TABLE meta (
	"key" VARCHAR(50) NOT NULL, 
	value TEXT NOT NULL, 
	PRIMARY KEY ("key")
);
INSERT INTO "meta" VALUES('schema','5');
INSERT INTO "meta" VALUES('generation','1');
INSERT INTO "meta" VALUES('used','1');
CREATE TABLE originals (
	sha256 VARCHAR(64) NOT NULL, 
	file_name TEXT NOT NULL, 
	content BLOB NOT NULL, 
	PRIMARY KEY (sha256)
);
INSERT INTO "originals" VALUES('d76fa6538443bc0e720ed64a351849027bad2277e0d1ca438b70769bf821862b','甲.txt',X'32303234E5B9B40AE69F90E5B882E6B58BE8AF95E5B180E983A8E997A8E9A284E7AE970A0AE7ACACE4B880E983A8E5888620E69F90E5B882E6B58BE8AF95E5B180E6A682E586B50A0AE4B880E38081E983A8E997A8E9A284E7AE97E69E84E688900A0AE4B88BE5B19EE58D95E4BD8DE585B7E4BD93E58C85E68BACEFBC9AE69F90E5B882E69C8DE58AA1E4B8ADE5BF83E38081E69F90E5B882E695B0E68DAEE4B8ADE5BF83E380820A0AE7ACACE4BA8CE983A8E588862032303234E5B9B4E983A8E997A8E9A284E7AE97E8A1A80A0AE694AFE587BAE680BBE4BD93E68385E586B5E8A1A80AE58D95E4BD8DEFBC9AE4B887E585830A0AE58A9FE883BDE58886E7B1BBE7A791E79BAE0909E59088E8AEA109E59FBAE69CACE694AFE587BA09E9A1B9E79BAEE694AFE587BA0AE7A791E79BAEE7BC96E7A08109E7A791E79BAEE5908DE7A7B00909090A09E59088E8AEA1093130302E30300937302E30300933302E30300A32303109E4B880E888ACE585ACE585B1E69C8DE58AA1E694AFE587BA0938302E30300935302E30300933302E30300A32303509E69599E882B2E694AFE587BA0932302E30300932302E303009302E30300A0A');
CREATE INDEX documents_by_department ON documents (department);
CREATE INDEX documents_by_file ON documents (sha256);
CREATE INDEX documents_by_path ON documents (path);
CREATE INDEX facts_by_unit ON facts (budget_unit, department);
CREATE INDEX facts_of_projects ON facts (document) WHERE role = 'project';
CREATE INDEX facts_by_table ON facts (document, table_kind, column_name);
CREATE INDEX facts_by_name ON facts (name, document);
CREATE INDEX facts_by_code ON facts (code, document);
CREATE INDEX ix_chunks_key ON chunks ("key");
CREATE INDEX ix_chunks_document ON chunks (document);
COMMIT;
