"""Postings to report on, entered over the API."""

ANY = {"If-Match": "*"}
HTML, JSON = {"Accept": "text/html"}, {"Accept": "application/json"}

NEED = {
    "title": "焊缝外观靠人看，漏检多",
    "problem": "焊缝外观检测靠人工目检，夜班漏检多，客户投诉。",
    "goal": "焊缝外观缺陷自动检测。",
    "scenario_code": "S24",
    "industry_code": "3670",
    "region_code": "320506",
    "requirements": [
        {"text": "焊缝缺陷检出率", "metric": "缺陷检出率", "operator": ">=", "target": 99, "unit": "%"},
        {"text": "气孔、咬边、飞溅都要能检出", "kind": "nice"},
    ],
    "keywords": ["焊缝", "外观检测"],
    "min_trl": 7,
}
CAPABILITY = {
    "title": "焊缝外观缺陷视觉检测系统",
    "summary": "三维线激光检测焊缝外观缺陷，气孔、咬边、飞溅自动检出。",
    "description": "焊缝外观检测在线进行，夜班不漏检。",
    "scenario_codes": ["S24"],
    "industry_codes": ["3670"],
    "region_codes": ["320500"],
    "keywords": ["焊缝", "机器视觉"],
    "specs": [{"metric": "缺陷检出率", "operator": ">=", "value": 99.5, "unit": "%"}],
    "trl": 9,
    "price_min_cny": 300_000,
    "price_max_cny": 500_000,
}
UNRELATED = {
    "title": "污水处理厂曝气能耗优化",
    "summary": "根据进水水质调节曝气风机。",
    "region_codes": ["320500"],
}
ENGLISH_NEED = {
    "lang": "en",
    "title": "Weld seams are checked by eye and defects slip through",
    "problem": "Weld seam inspection is manual. Pores and undercut slip through on night shifts.",
    "scenario_code": "S24",
    "industry_code": "3670",
    "region_code": "320506",
    "requirements": [
        {"text": "Detection rate", "metric": "detection rate", "operator": ">=", "target": 99, "unit": "%"},
        {"text": "Pores and undercut of weld seams are detected", "kind": "nice"},
    ],
    "budget_min_cny": 600_000,
    "budget_max_cny": 1_250_000,
    "min_trl": 7,
    "deployment": "edge",
    "cooperation_modes": ["turnkey", "pilot_poc"],
}
ENGLISH_CAPABILITY = {
    "lang": "en",
    "title": "Weld seam inspection by laser profiler",
    "summary": "Detects pores and undercut of weld seams, day and night shifts alike.",
    "scenario_codes": ["S24"],
    "industry_codes": ["3670"],
    "region_codes": ["320500"],
    "specs": [{"metric": "detection rate", "operator": ">=", "value": 99.5, "unit": "%"}],
    "trl": 8,
    "ip_status": "software",
    "price_min_cny": 300_000,
    "price_max_cny": 500_000,
    "delivery_weeks": 8,
    "capacity": 3,
    "deployment_modes": ["edge"],
    "cooperation_modes": ["turnkey"],
}


def draft(client, kind, owner, body):
    """Enter a draft and give its reference."""
    answer = client.post(f"/v1/{kind}", json=body, headers=owner)
    assert answer.status_code == 201, answer.text
    return answer.json()["reference"]


def publish(client, kind, owner, operator, body):
    """Enter, submit and publish a posting and give its reference."""
    reference = draft(client, kind, owner, body)
    for step, who in (("submit", owner), ("publish", operator)):
        answer = client.post(f"/v1/{kind}/{reference}/{step}", headers={**who, **ANY})
        assert answer.status_code == 200, answer.text
    return reference


def report_of(client, reference, headers=None, **query):
    """The answer to a request for a report."""
    kind = "needs" if reference.startswith("XQ") else "capabilities"
    return client.get(f"/v1/{kind}/{reference}/report", headers=headers or {}, params=query)
