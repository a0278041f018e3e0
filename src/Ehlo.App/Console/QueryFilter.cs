using System;
using System.Collections.Generic;
using System.Linq;
using System.Threading.Tasks;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Primitives;

namespace Ehlo.App.Console;

/// <summary>
/// Refuses a query key that the endpoint does not know, or one given twice: a test that waits for <c>form=me</c> would otherwise get any
/// message at all, and pass.
/// </summary>
internal sealed class QueryFilter(params string[] known) : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        foreach ((string key, StringValues values) in context.HttpContext.Request.Query)
        {
            if (!known.Contains(key, StringComparer.OrdinalIgnoreCase))
            {
                return Problems.BadRequest($"There is no query parameter \"{key}\" here.");
            }
            if (values.Count > 1)
            {
                return Problems.BadRequest($"The query parameter \"{key}\" is given twice.");
            }
        }
        return await next(context);
    }
}
