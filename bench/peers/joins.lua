-- One request for each line "cookie draft" of a file, from a line on. Arguments after "--": file, first line, address.
local requests, asked = {}, 0

init = function(arguments)
  local number, first = 0, tonumber(arguments[2])
  for line in io.lines(arguments[1]) do
    number = number + 1
    if number > first then
      local cookie, draft = line:match("(%S+) (%S+)")
      requests[#requests + 1] = "GET " .. arguments[3] .. "?draft=" .. draft
        .. " HTTP/1.1\r\nHost: localhost\r\nAccept-Language: hi\r\nCookie: toli=" .. cookie .. "\r\n\r\n"
    end
  end
end

request = function()
  asked = asked + 1
  return requests[asked]
end
