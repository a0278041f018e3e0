namespace Ehlo.Console.Tests.Support;

/// <summary>A message as companies send them, with all that one may have.</summary>
public static class Newsletter
{
    public const string Message = """
        From: "Example Reports" <reports@news.example.org>
        To: Bob <bob@example.test>
        Date: Thu, 2 Jul 2026 12:00:00 +0000
        Message-ID: <march.1@news.example.org>
        Subject: =?utf-8?q?Your_March_report_is_ready_=E2=9C=93?=
        List-Unsubscribe: <https://example.org/leave?id=1>
        MIME-Version: 1.0
        Content-Type: multipart/mixed; boundary=outer

        --outer
        Content-Type: multipart/alternative; boundary=inner

        --inner
        Content-Type: text/plain; charset=utf-8

        Good morning Bob,

        your report for March is ready. Twelve percent more visitors than in
        February, and most of them on a Tuesday.

        Read it at https://example.org/reports/march.

        Example Reports
        --inner
        Content-Type: multipart/related; boundary=related

        --related
        Content-Type: text/html; charset=utf-8

        <!DOCTYPE html>
        <html><head><style>
          body { margin: 0; background: #eef1f6; font: 16px/1.5 Helvetica, Arial, sans-serif; color: #1b1f27 }
          .card { max-width: 560px; margin: 24px auto; padding: 28px 32px; border-radius: 12px; background: #fff }
          h2 { margin: 0 0 12px; font-size: 22px } .quiet { color: #5b6472; font-size: 13px }
          .button { display: inline-block; padding: 10px 22px; border-radius: 8px; background: #2f5bd3; color: #fff; text-decoration: none }
        </style></head><body><div class="card">
          <h2>Your report for March</h2>
          <p>Good morning Bob,</p>
          <p><b>Twelve percent more</b> visitors than in February, and most of them on a Tuesday.</p>
          <p><img src="cid:chart@news.example.org" alt="Visitors by month" width="320" height="150"></p>
          <p><a class="button" href="https://example.org/reports/march">Read the report</a></p>
          <p class="quiet">You get this since you asked for it. <a href="https://example.org/leave?id=1">Leave the list</a></p>
          <img src="https://example.org/seen.gif" width="1" height="1" alt="">
        </div></body></html>
        --related
        Content-Type: image/png; name=chart.png
        Content-Transfer-Encoding: base64
        Content-ID: <chart@news.example.org>
        Content-Disposition: inline; filename=chart.png

        iVBORw0KGgoAAAANSUhEUgAAAUAAAACWCAIAAAAg4sZ7AAACXElEQVR42u3WwQmAMBBFwXRkQTZo
        AZ4Eb+nARnJSvNmDwZXVgVfAx82AZT9OSUkrPoEEsCSAJQEsASwJYEkASwJYAlgSwJIAlgCWBLAk
        gCUBLAEsCWBJAEsCWAJY+lHDuAUEsASwJIAlgAGWAAZYAlgCGGAJYIAlgCUBLAEMsAQwwBLAkgCW
        AAZYAhhgCWAJYIAlgAGWAJYEsAQwwBLAAEsAS5FNawsIYAlggCWAARbAAEsAAywBDLAABhhgAQyw
        BDDAEsAAC2CAARbAAEsAAywBDLAABlgCGGChcocKwAALYIAFMMAAC2CAARbAAAMsgAEWwAADLIAB
        BlgAAyyAAQZYAAMMsAAGGGABDLAABhhgAQwwwEnP71sBDDDAAAMMMMAAA+xR+lYAAwywbwUwwAAD
        DLBHCTDAAHuUVgEMMMBWAQywR2kVwACjAjDAAFsFMMAepVUAA+xRWgUwwFYBnBSw81sFMMAepVUA
        A2yVVQA7v1VWAez8VgEMsEdpFcAAW2UVwM5vFcAAe5RWAQywVVYBDLBVVgHs/FYBDLBHaRXAAFtl
        FcDOb5VVADu/VQADbJVVAANslVUAO79VAAPsUVoFMMBWWQUwwFZZBbDzWwUwwB6lVQADbJVVADu/
        VVYB7PxWAQywVVYBDLBVVgHs/FYBDLBHaRXAAFtlFcAAW2UVwM5vFcAAe5RWAQywVVYB7PxWWQWw
        R2kVwABbZRXAAFtl1RcAz0uVlDSApcyAe36hJb0bwBLAkgCWBLAEsCSAJQEsCWAJYEkASwJYAlgS
        wJIAlgSwBLAkgCU90AW0fuR/yvjQXgAAAABJRU5ErkJggg==
        --related--
        --inner--
        --outer
        Content-Type: image/png; name=logo.png
        Content-Transfer-Encoding: base64
        Content-Disposition: attachment; filename=logo.png

        iVBORw0KGgoAAAANSUhEUgAAAEAAAABACAIAAAAlC+aJAAAAxklEQVR42u3awQ2DMBQE0e0gjaYD
        ig/XKICxsaXsX41FAfOO2KtP8SMAQYDX9u7/jABD3csl+lf3KolM6h8bZJL+mCG3+lGD3NJHGbKt
        7zTIub7HIPP6W4P869uGXIBVfcOgKvVXhkSAbf2pQbXqjwYAVoAS9T8GAD6AQvXfBgAAAAAAAAAA
        AAAAHAD80ACYB3CtAmAeUP5ulOt1D0D5Fxoe+TwA5d+JE17qE7YSCWuVhL1QyGIrYTMXslpM2I3m
        LHcZf0+dHaLmkqlNo5KwAAAAAElFTkSuQmCC
        --outer
        Content-Type: text/csv; charset=utf-8; name=visitors.csv
        Content-Disposition: attachment; filename=visitors.csv

        month,visitors
        February,4120
        March,4614
        --outer--

        """;
}
