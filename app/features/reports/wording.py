"""The words of reports and of the first page, in both languages; `{…}` is filled in."""

from collections.abc import Mapping

from app.core.text import Bilingual

WORDS: Mapping[str, Bilingual] = {
    # the whole document
    "home": Bilingual("首页", "Home"),
    "as_json": Bilingual("JSON 数据", "As JSON"),
    "fictitious": Bilingual("演示数据，企业均为虚构。", "Demonstration data: all companies are fictitious."),
    # figures
    "money": Bilingual("{amount} 万元", "CNY {amount}"),
    "money_from": Bilingual("{amount} 万元起", "from CNY {amount}"),
    "money_to": Bilingual("不超过 {amount} 万元", "up to CNY {amount}"),
    "not_given_or_not_open": Bilingual("未填写或未公开", "Not given, or not open to you"),
    "hidden_organization": Bilingual("某{kind}（名称未公开）", "{kind} (name not open)"),
    "nothing_stated": Bilingual("未说明", "Not stated"),
    "weeks": Bilingual("{count} 周", "{count} weeks"),
    "projects": Bilingual("可同时承接 {count} 个项目", "{count} projects at once"),
    # a report
    "title_need": Bilingual("需求匹配报告", "Match report for a need"),
    "title_capability": Bilingual("能力匹配报告", "Match report for a capability"),
    "result": Bilingual("结论", "Result"),
    "best_score": Bilingual("最高得分", "Best score"),
    "floor": Bilingual("推荐线", "Recommended from"),
    "considered": Bilingual("参与比较", "Compared"),
    "as_of": Bilingual("日期", "Date"),
    "nearest_lead": Bilingual(
        "下面是最接近的候选，以及它们为什么还不合适。", "These come nearest; each says why it does not suit yet."
    ),
    "no_candidates": Bilingual("目前没有可比较的对象。", "There is nothing to compare with yet."),
    "all_excluded": Bilingual(
        "可比较的对象都触及硬性条件，见“被排除的候选”。",
        "All that could be compared break a hard condition; see “Left out”.",
    ),
    "posting_need": Bilingual("需求", "The need"),
    "posting_capability": Bilingual("能力", "The capability"),
    "posted_by": Bilingual("发布单位", "Posted by"),
    "candidates_need": Bilingual("候选能力", "Candidate capabilities"),
    "candidates_capability": Bilingual("候选需求", "Candidate needs"),
    "nearest": Bilingual("最接近的候选", "Nearest candidates"),
    "rank": Bilingual("序号", "No."),
    "candidate": Bilingual("候选", "Candidate"),
    "score": Bilingual("得分", "Score"),
    "suitable": Bilingual("可推荐", "Suitable"),
    "below_floor": Bilingual("低于 {floor}", "Below {floor}"),
    "why_not": Bilingual("得分 {score}，低于推荐线 {floor}。", "Scores {score}, below the {floor} we recommend from."),
    "silent_on": Bilingual("没有得分的方面：{signals}。", "Nothing scored for: {signals}."),
    "details": Bilingual("逐项说明", "Point by point"),
    "coverage": Bilingual("技术指标", "Requirements"),
    "requirement": Bilingual("要求", "Requirement"),
    "status": Bilingual("结果", "Finding"),
    "evidence": Bilingual("依据", "Evidence"),
    "hint": Bilingual("相近数字，名称不同", "A like figure under another name"),
    "shares": Bilingual("得分构成", "Where the score comes from"),
    "signal": Bilingual("方面", "Signal"),
    "bar": Bilingual("图示", "Chart"),
    "value": Bilingual("符合度", "Fit"),
    "weight": Bilingual("权重", "Weight"),
    "share": Bilingual("得分", "Points"),
    "total": Bilingual("合计", "Total"),
    "terms": Bilingual("共同用词（得分）", "Words in common (points)"),
    "other_terms": Bilingual("其余用词", "all other words"),
    "excluded": Bilingual("被排除的候选", "Left out"),
    "excluded_lead": Bilingual(
        "以下候选的得分足以列入上表，但按双方写明的事实触及硬性条件，因此没有列入。",
        "These score high enough to be listed above but break a hard condition by what both sides state.",
    ),
    "excluded_more": Bilingual("最多列出得分最高的 {count} 个。", "At most the best {count} are named."),
    "reason": Bilingual("原因", "Reason"),
    "count": Bilingual("数量", "Number"),
    "method": Bilingual("说明", "How to read this"),
    "method_score": Bilingual(
        "得分在 0 到 100% 之间，由各方面的得分相加而成：权重 × 符合度。双方都没有说明的方面不计，"
        "其权重按比例分给其余方面；双方文字越不相近，预算、区域等辅助方面的权重越小。各数值已四舍五入。",
        "A score lies between 0 and 100% and is the sum of its points, each weight × fit. A signal on which nothing is "
        "stated does not count, and its weight goes to the others; the less the texts have in common, the less "
        "supporting signals such as budget and region weigh. Figures are rounded.",
    ),
    "method_evidence": Bilingual(
        "“依据”引用对方原文；拿不准的一律记为“未说明”。",
        "Evidence quotes the offer itself; whatever is not plain counts as not stated.",
    ),
    "method_hidden": Bilingual(
        "未公开的内容可以参与计算，但不会出现在报告里。", "What is not open may count towards a score but is not shown."
    ),
    "matcher_version": Bilingual("算法版本", "Matcher version"),
    "revision": Bilingual("数据修订号", "Data revision"),
    "generated_at": Bilingual("生成时间", "Generated"),
    "seen_as": Bilingual("查看身份", "Seen by"),
    "the_public": Bilingual("公众", "the public"),
    "not_public": Bilingual(
        "可能含有未公开的内容，转发前请确认。", "May hold what is not public; check before passing it on."
    ),
    # facts of a posting
    "reference": Bilingual("编号", "Reference"),
    "scenario": Bilingual("场景", "Scenario"),
    "industry": Bilingual("行业", "Industry"),
    "region": Bilingual("地区", "Region"),
    "keywords": Bilingual("关键词", "Keywords"),
    "problem": Bilingual("主要问题", "Problem"),
    "current_state": Bilingual("现状", "Current state"),
    "goal": Bilingual("预期目标", "Goal"),
    "data_readiness": Bilingual("数据条件", "Data at hand"),
    "attachments": Bilingual("附件", "Attachments"),
    "partner_requirements": Bilingual("合作方要求", "Asked of a partner"),
    "deployment": Bilingual("部署方式", "Deployment"),
    "cooperation": Bilingual("合作方式", "Cooperation"),
    "budget": Bilingual("预算", "Budget"),
    "complete_by": Bilingual("完成时限", "Complete by"),
    "min_trl": Bilingual("成熟度不低于", "Maturity at least"),
    "ip_terms": Bilingual("产权归属", "IP terms"),
    "valid_until": Bilingual("有效期至", "Valid until"),
    "summary": Bilingual("简介", "Summary"),
    "description": Bilingual("说明", "Description"),
    "advantages": Bilingual("优势", "Advantages"),
    "scenarios": Bilingual("适用场景", "Scenarios"),
    "industries": Bilingual("服务行业", "Industries served"),
    "regions": Bilingual("服务区域", "Regions served"),
    "specs": Bilingual("指标", "Stated figures"),
    "certifications": Bilingual("资质", "Certifications"),
    "maturity": Bilingual("成熟度", "Maturity"),
    "ip_status": Bilingual("知识产权", "Intellectual property"),
    "price": Bilingual("参考价格", "Reference price"),
    "delivery": Bilingual("交付周期", "Delivery"),
    "capacity": Bilingual("承接能力", "Capacity"),
    # the first page
    "page_title": Bilingual("对接 · 产业供需对接平台", "Duijie · supply and demand, docked"),
    "page_heading": Bilingual("把场景需求和技术能力对上", "Matching what factories need with what others can do"),
    "page_lead": Bilingual(
        "企业在这里发布场景需求，技术方发布能力。平台双向匹配，给出得分，并逐项说明依据：满足了哪些指标、"
        "原文怎么说、哪些候选因为什么被排除。门户网站通过 API 接入，人可以直接看报告。",
        "Companies post what they need, providers what they can do. The platform ranks both ways and explains every "
        "score: which requirements are met, in whose words, and who was left out and why. Portals connect through "
        "the API; people read the reports.",
    ),
    "in_numbers": Bilingual("规模", "In numbers"),
    "count_organizations": Bilingual("企业与机构", "Organisations"),
    "count_needs": Bilingual("公开需求", "Needs open to all"),
    "count_capabilities": Bilingual("公开能力", "Capabilities open to all"),
    "newest": Bilingual("最新需求", "Newest needs"),
    "best_match": Bilingual("最佳匹配", "Best match"),
    "no_suitable": Bilingual("暂无合适的对象", "No suitable candidate yet"),
    "empty": Bilingual("这里还没有公开的需求。", "There are no open needs here yet."),
    "empty_seed": Bilingual("载入演示数据：在服务器上运行", "For demonstration data, run this on the server:"),
    "empty_post": Bilingual(
        "也可以按照 API 文档发布第一条需求。", "Or post the first need as the API documentation shows."
    ),
    "for_developers": Bilingual("接入", "For developers"),
    "docs": Bilingual("API 文档", "API documentation"),
    "openapi": Bilingual("OpenAPI 描述文件", "OpenAPI document"),
    "sample_need": Bilingual("示例：需求匹配报告", "Sample: match report for a need"),
    "sample_capability": Bilingual("示例：能力匹配报告", "Sample: match report for a capability"),
}
