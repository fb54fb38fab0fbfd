"""What does the database know of each customer beside its orders: phase, last answer, last contact, visit norm?"""

# ? marks are days: contacts and answers up to the day of measuring, and the norms that hold on it.
# The norm of a class in a phase goes before that of the class, an exception before both.
HEALTH_SIGNALS = """
WITH norms AS (
  SELECT n.customer_class, n.phase, n.visits FROM plan_visitnorm n
  WHERE n.norm_set_id = (SELECT id FROM plan_visitnormset WHERE starts_on <= %s ORDER BY starts_on DESC LIMIT 1))
SELECT c.id, c.phase, f.nps, coalesce(CAST(f.day AS TEXT), ''), coalesce(CAST(a.day AS TEXT), ''),
       coalesce(e.visits, p.visits, n.visits)
FROM customers_company c
LEFT JOIN (SELECT company_id, max(day) AS day FROM sell_activity
           WHERE status = 'done' AND kind <> 'task' AND outcome <> 'not_reached' AND day <= %s
           GROUP BY company_id) a ON a.company_id = c.id
LEFT JOIN (SELECT company_id, nps, day,
                  row_number() OVER (PARTITION BY company_id ORDER BY day DESC, id DESC) AS place
           FROM serve_feedback WHERE nps IS NOT NULL AND deleted_at IS NULL AND day <= %s) f
       ON f.company_id = c.id AND f.place = 1
LEFT JOIN norms p ON p.customer_class = c.customer_class AND p.phase = c.phase AND c.phase <> ''
LEFT JOIN norms n ON n.customer_class = c.customer_class AND n.phase = ''
LEFT JOIN plan_visitexception e ON e.company_id = c.id AND e.starts_on <= %s AND (e.ends_on IS NULL OR e.ends_on > %s)
WHERE c.deleted_at IS NULL
"""
DAYS_ASKED = 5
